namespace CustomerValue.Torch.Weights;

/// <summary>What weights are loaded for.</summary>
public enum WeightUse
{
    /// <summary>Reading only, as stored: mapped memory, shared with other processes; half precision is converted block by block while it is used.</summary>
    AsStored,

    /// <summary>Reading only, in single precision: mapped where it is stored so, converted once where it isn't. Twice the memory of half precision, and faster.</summary>
    Single,

    /// <summary>Training: single precision in memory of its own, with gradients.</summary>
    Train,
}
