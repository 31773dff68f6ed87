namespace CustomerValue.Models;

/// <summary>A candidate that answers from customers' records. A package scores tables of numbers, so an experiment that it wins makes none.</summary>
public interface IReadsRecords : ICandidate;
