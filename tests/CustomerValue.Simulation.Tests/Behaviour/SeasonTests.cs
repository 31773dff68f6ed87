using CustomerValue.Simulation.Behaviour;

namespace CustomerValue.Tests.Simulation.Behaviour;

public class SeasonTests
{
    private static readonly DateOnly[] s_year = [.. Enumerable.Range(0, 365).Select(day => new DateOnly(2023, 1, 1).AddDays(day))];

    [Fact]
    public void A_year_is_average_on_average() => Assert.Equal(1, s_year.Average(Season.Factor), 0.02);

    [Fact]
    public void Nothing_jumps_from_one_week_to_the_next_but_festivals() =>
        Assert.All(s_year.SkipLast(7).Where(day => !Season.IsFestival(day) && !Season.IsFestival(day.AddDays(7))),
            day => Assert.InRange(Season.Factor(day.AddDays(7)) / Season.Factor(day), 0.88, 1.12));

    [Fact]
    public void Festivals_double_a_day() =>
        Assert.InRange(Season.Factor(new(2023, 11, 11)) / Season.Factor(new(2023, 11, 18)), 2, 2.4);
}
