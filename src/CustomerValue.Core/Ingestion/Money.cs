namespace CustomerValue.Ingestion;

/// <summary>An exact amount in one currency. Amounts of different currencies are never added.</summary>
/// <param name="Amount">Signed amount, in units of the currency.</param>
/// <param name="Currency">ISO 4217 code, upper case, such as GBP.</param>
public readonly record struct Money(decimal Amount, string Currency)
{
    /// <summary>The sum of two amounts of one currency.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public static Money operator +(Money left, Money right) => new(left.Amount + right.In(left.Currency), left.Currency);

    /// <summary>The difference of two amounts of one currency.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public static Money operator -(Money left, Money right) => new(left.Amount - right.In(left.Currency), left.Currency);

    private decimal In(string currency) => Currency == currency ? Amount
        : throw new InvalidOperationException(
            $"{Amount} {Currency} can't be added to an amount in {currency}. Convert one of them first, at a rate you choose.");

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Amount:0.00##} {Currency}");
}
