namespace CustomerValue.Torch.Training;

/// <summary>Fisher and Yates' shuffle.</summary>
internal static class Shuffle
{
    public static void InPlace<T>(IList<T> items, SplitMix64 random)
    {
        for (var last = items.Count - 1; last > 0; last--)
        {
            var other = random.Below(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }
}
