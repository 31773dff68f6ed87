using System.Collections.Frozen;

namespace CustomerValue.Text;

/// <summary>Words that stand in every text and tell nothing of it. Negations are never among them: "not good" isn't "good".</summary>
/// <remarks>A short choice of our own: articles, pronouns, prepositions, auxiliaries and particles. Matches whatever the case.</remarks>
public sealed class StopWords
{
    private const string EnglishNegations =
        "no not never none nothing nobody nowhere neither nor without hardly barely scarcely cannot n't don't doesn't didn't won't wouldn't can't couldn't shouldn't isn't aren't wasn't " +
        "weren't haven't hasn't hadn't ain't mustn't needn't dont doesnt didnt wont cant couldnt wouldnt isnt wasnt arent";

    private const string ChineseNegations =
        "不 没 没有 未 无 非 别 莫 勿 否 毫无 毫不 并不 并非 并没 并没有 从不 从没 从未 从来没 从来没有 不是 不会 不能 不要 不想 不好 不用 不可 不太 不够 不再 不行 不到 不了 不如 不对 不错 " +
        "没法 没什么 没想到 无法 无 绝不 决不 还没 还没有 还不 也不 也没 也没有 都不 都没 都没有 就不 太不 很不 不很 难以 未必 不得 不过分";

    private const string EnglishWords =
        "a an the and or but if then else than that this these those there here i me my mine myself you your yours yourself he him his himself she her hers herself it its itself we us our ours " +
        "ourselves they them their theirs themselves who whom whose which what when where why how am is are was were be been being have has had having do does did doing done will would shall " +
        "should can could may might must of at by for with about into through during before after above below to from up down in out on off over under again further once as until while " +
        "because so also just even ever such some any each every both all other another same own i'm i've i'd i'll you're you've you'd you'll he's she's it's we're we've we'd we'll they're " +
        "they've they'd they'll that's there's here's what's who's let's im ive id ill its's 's 'm 're 've 'd 'll s t m re ve d ll get got one";

    private const string ChineseWords =
        "的 了 着 过 地 得 之 是 在 有 和 与 及 或 而 且 并 并且 但 但是 可是 然而 因为 所以 因此 由于 如果 假如 虽然 尽管 即使 只要 只有 于是 然后 以及 以 为 为了 对 对于 关于 从 自 自从 到 向 往 由 被 把 将 给 " +
        "跟 同 比 按 按照 根据 除了 等 等等 我 你 您 他 她 它 我们 你们 他们 她们 它们 咱 咱们 自己 大家 人家 这 那 这个 那个 这些 那些 这里 那里 这儿 那儿 这样 那样 这么 那么 这种 那种 哪 哪个 哪里 哪些 谁 什么 怎么 怎样 " +
        "为什么 多少 几 某 每 各 该 此 其 其他 其它 其中 另 另外 一 一个 一些 一下 一种 个 也 都 就 又 还 还是 才 却 便 则 即 就是 也是 都是 还有 已 已经 曾 正在 会 能 可以 可 要 应该 应 吗 呢 吧 啊 呀 哦 哈 嘛 啦 哇 嗯 " +
        "哎 唉 呵呵 哈哈 上 下 里 中 内 外 前 后 时 时候 来 去 所 者 般 似的 的话 而已 罢了 之后 之前 以后 以前 我的 你的 他的 她的 这是 那是 的是 是的 了的 说";

    private static readonly FrozenSet<string> s_negations = Set(EnglishNegations, ChineseNegations);
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_isNegation = s_negations.GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly FrozenSet<string> _words;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    private StopWords(params string[] lists) : this(Set(lists)) { }

    private StopWords(FrozenSet<string> words) => (_words, _lookup) = (words, words.GetAlternateLookup<ReadOnlySpan<char>>());

    /// <summary>English.</summary>
    public static StopWords English { get; } = new(EnglishWords);

    /// <summary>Chinese, simplified.</summary>
    public static StopWords Chinese { get; } = new(ChineseWords);

    /// <summary>Both.</summary>
    public static StopWords Both { get; } = new(EnglishWords, ChineseWords);

    /// <summary>The words.</summary>
    public IReadOnlyCollection<string> All => _words;

    /// <summary>Words that turn a sentence's meaning round, in both languages; no list of stop words holds one.</summary>
    public static IReadOnlyCollection<string> Negations => s_negations;

    /// <summary>Whether <paramref name="word"/> turns a sentence's meaning round.</summary>
    public static bool IsNegation(ReadOnlySpan<char> word) => s_isNegation.Contains(word);

    /// <summary>Whether <paramref name="word"/> tells nothing of a text.</summary>
    public bool Contains(ReadOnlySpan<char> word) => _lookup.Contains(word);

    /// <summary>This list with words of a shop's own; negations among them are left out.</summary>
    public StopWords With(IEnumerable<string> words) => new(_words.Concat(words).Where(w => !s_negations.Contains(w)).ToFrozenSet(StringComparer.OrdinalIgnoreCase));

    private static FrozenSet<string> Set(params string[] lists) =>
        lists.SelectMany(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
