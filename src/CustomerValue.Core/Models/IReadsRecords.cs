namespace CustomerValue.Models;

/// <summary>A candidate that answers from customers' records. Where no codec writes it, an experiment that it wins makes no package.</summary>
public interface IReadsRecords : ICandidate;
