using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustomerValue.Features;
using CustomerValue.Packaging;
using Xunit;

namespace CustomerValue.Testing;

/// <summary>Spoils a package in many seeded ways and opens it: it must be refused in words, or score as before.</summary>
/// <param name="Refused">Packages refused.</param>
/// <param name="Same">Packages that opened and score every row as before: the change touched nothing that counts.</param>
/// <param name="Other">Packages that someone changed and vouched for in every place, whose self-test still holds: another model, as good as any.</param>
/// <param name="Slowest">The longest time that one took.</param>
public sealed record PackageMutations(int Refused, int Same, int Other, TimeSpan Slowest)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>Spoils and opens.</summary>
    /// <param name="package">The package.</param>
    /// <param name="codecs">The kinds of model.</param>
    /// <param name="rows">Rows that scores are compared on.</param>
    /// <param name="seed">Same seed, same packages.</param>
    /// <param name="count">How many.</param>
    public static PackageMutations Run(ModelPackage package, ModelCodecs codecs, FeatureTable rows, int seed, int count)
    {
        var (expected, few) = (package.Score(rows), rows.At([0, 1, 2]));
        return Run(package.Files, seed, count, (files, which) =>
        {
            var opened = ModelPackage.Open(files, codecs);
            var scores = opened.Score(rows);
            Explain(opened, few, which);
            return Equal(expected.Value, scores.Value) && Equal(expected.Churn, scores.Churn);
        });
    }

    /// <summary>Spoils and opens a package that tells texts apart.</summary>
    /// <param name="package">The package.</param>
    /// <param name="codecs">The kinds of model.</param>
    /// <param name="texts">Texts that probabilities are compared on.</param>
    /// <param name="seed">Same seed, same packages.</param>
    /// <param name="count">How many.</param>
    public static PackageMutations Run(TextPackage package, ModelCodecs codecs, IReadOnlyList<string> texts, int seed, int count)
    {
        var expected = package.Classify(texts);
        return Run(package.Files, seed, count, (files, _) =>
        {
            using var opened = TextPackage.Open(files, codecs);
            return opened.Labels.SequenceEqual(package.Labels) && opened.Classify(texts).Zip(expected).All(row => Equal(row.First, row.Second));
        });
    }

    private static PackageMutations Run(PackageFiles package, int seed, int count, Func<PackageFiles, string, bool> scoresAsBefore)
    {
        var archive = PackageArchive.Write(package);
        var (refused, same, other, slowest) = (0, 0, 0, TimeSpan.Zero);
        for (var number = 0; number < count; number++)
        {
            var chance = new Random(unchecked(seed * 31 + number));
            var kind = number % 10;
            var started = Stopwatch.GetTimestamp();
            try
            {
                var files = kind < 5 ? PackageArchive.Read(Bytes(archive, chance, kind)) : Files(package, chance, vouched: kind >= 7);
                if (scoresAsBefore(files, $"Package {number} of seed {seed}")) same++;
                // A change that manifest and self-test were both made to vouch for, and that the self-test's rows don't meet, is another model.
                else if (kind >= 7) other++;
                else Assert.Fail($"Package {number} of seed {seed} opened and scores otherwise.");
            }
            catch (PackageException error)
            {
                Assert.True(error.Message.Length > 40, $"Package {number} of seed {seed} was refused without words: {error.Message}");
                refused++;
            }
            catch (InvalidDataException) when (kind >= 7) { other++; }           // it opened, and refuses a row in words
            var took = Stopwatch.GetElapsedTime(started);
            Assert.True(took < s_patience, $"Package {number} of seed {seed} took {took.TotalSeconds:0.0} s.");
            if (took > slowest) slowest = took;
        }
        return new(refused, same, other, slowest);
    }

    // Whatever opens can be explained, or says why it can't: an engine may know of more that is wrong with a text than scoring needs to know.
    private static void Explain(ModelPackage package, FeatureTable rows, string which)
    {
        try
        {
            var scores = package.Score(rows, new() { Reasons = 1 });
            foreach (var why in new[] { scores.ValueReasons, scores.ChurnReasons })
                Assert.True(why is null || why.Values.All(column => column.All(double.IsFinite)), $"{which} gives reasons that aren't numbers.");
        }
        catch (Exception error) when (error.GetType().Name == "LightGbmException") { Assert.NotEmpty(error.Message); }
    }

    private static bool Equal(double[]? a, double[]? b) => a is null ? b is null : b is not null && a.AsSpan().SequenceEqual(b);

    // Bits flipped, pieces cut out, doubled, swapped or overwritten, anywhere in the archive: its directories too.
    private static byte[] Bytes(byte[] archive, Random chance, int kind)
    {
        var bytes = archive.ToList();
        // Half of the changes fall on the directory at the end, which is small.
        int Place(int room) => chance.Next(2) == 0 ? chance.Next(Math.Max(1, bytes.Count - room)) : Math.Max(0, bytes.Count - room - 1 - chance.Next(Math.Min(bytes.Count - room, 2000)));
        var length = 1 + chance.Next(200);
        switch (kind)
        {
            case 0: for (var i = 0; i <= chance.Next(4); i++) { var at = Place(1); bytes[at] ^= (byte)(1 << chance.Next(8)); } break;
            case 1: bytes.RemoveRange(Place(length), length); break;
            case 2: { var at = Place(length); bytes.InsertRange(Place(1), bytes.GetRange(at, length)); break; }
            case 3:
                {
                    var (one, two) = (Place(length), Place(length));
                    for (var i = 0; i < length; i++) (bytes[one + i], bytes[two + i]) = (bytes[two + i], bytes[one + i]);
                    break;
                }
            default:
                if (chance.Next(4) == 0) bytes.RemoveRange(chance.Next(2) == 0 ? 0 : bytes.Count / 2, chance.Next(bytes.Count / 2));
                for (var i = 0; i < 8; i++) bytes[Place(1)] = (byte)chance.Next(256);
                break;
        }
        return [.. bytes];
    }

    // A file edited, cut, emptied, exchanged or doubled; with a manifest (and a self-test) made anew, only parsers and scores are left to notice.
    private static PackageFiles Files(PackageFiles package, Random chance, bool vouched)
    {
        string[] paths = [.. package.Paths.Where(p => p != "manifest.json")];
        // Models are where damage would hurt most.
        var models = paths.Where(p => p.StartsWith("model/", StringComparison.Ordinal)).ToArray();
        var path = chance.Next(4) > 0 ? models[chance.Next(models.Length)] : paths[chance.Next(paths.Length)];
        var edited = new PackageFiles();
        foreach (var name in paths) edited.Add(name, name == path ? Edited(package[name], name, chance) : package[name]);
        if (chance.Next(20) == 0) edited.Add($"model/more-{chance.Next(9)}.json", package[paths[chance.Next(paths.Length)]]);

        var files = new PackageFiles();
        foreach (var name in edited.Paths) files.Add(name, vouched && name == "selftest.json" && path != name ? WithDigest(edited) : edited[name]);
        files.Add("manifest.json", vouched || chance.Next(2) == 0 ? Manifest(package, files) : package["manifest.json"]);
        return files;
    }

    private static byte[] Edited(byte[] content, string path, Random chance)
    {
        if (path.EndsWith(".bin", StringComparison.Ordinal) || path.EndsWith(".safetensors", StringComparison.Ordinal)) return Binary(content, chance);
        var text = Encoding.UTF8.GetString(content);
        var at = chance.Next(text.Length);
        var length = Math.Min(text.Length - at, 1 + chance.Next(60));
        switch (chance.Next(9))
        {
            case 0: { var bytes = content.ToArray(); bytes[chance.Next(bytes.Length)] ^= (byte)(1 << chance.Next(8)); return bytes; }
            case 1: return Encoding.UTF8.GetBytes(text.Remove(at, length));
            case 2: return Encoding.UTF8.GetBytes(text.Insert(at, text.Substring(chance.Next(text.Length - length + 1), length)));
            case 3: return [];
            case 4: return Encoding.UTF8.GetBytes(text[..at]);
            case 5:                                                                                            // a line twice, or gone
                {
                    var lines = text.Split('\n').ToList();
                    var line = chance.Next(lines.Count);
                    if (chance.Next(2) == 0) lines.RemoveAt(line); else lines.Insert(chance.Next(lines.Count), lines[line]);
                    return Encoding.UTF8.GetBytes(string.Join('\n', lines));
                }
            default: return Encoding.UTF8.GetBytes(path.EndsWith(".json", StringComparison.Ordinal) && chance.Next(3) > 0 ? OtherValue(text, chance) : OtherNumber(text, at, chance));
        }
    }

    // Bits flipped, pieces cut out or doubled, the end cut off, and eight bytes (a length, most often near the beginning) made large.
    private static byte[] Binary(byte[] content, Random chance)
    {
        var bytes = content.ToList();
        int Place() => chance.Next(3) == 0 ? chance.Next(Math.Min(64, bytes.Count)) : chance.Next(bytes.Count);
        var (at, length) = (Place(), 1 + chance.Next(60));
        switch (chance.Next(6))
        {
            case 0: bytes[at] ^= (byte)(1 << chance.Next(8)); break;
            case 1: bytes.RemoveRange(at, Math.Min(length, bytes.Count - at)); break;
            case 2: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(length, bytes.Count - at))); break;
            case 3: bytes.RemoveRange(at, bytes.Count - at); break;
            case 4: bytes.AddRange(bytes.GetRange(0, at)); break;
            default: for (var i = at; i < Math.Min(bytes.Count, at + 8); i++) bytes[i] = chance.Next(2) == 0 ? (byte)0xff : (byte)chance.Next(256); break;
        }
        return [.. bytes];
    }

    private static readonly string[] s_numbers = ["0", "-1", "1", "2", "1e308", "-1e308", "1e-308", "1e999", "-0", "99999999999", "0.5", "1e12", "1e-12", "5e-324", "NaN", "Infinity"];

    private static string OtherNumber(string text, int at, Random chance)
    {
        var start = text.AsSpan(at).IndexOfAnyInRange('0', '9');
        if (start < 0) return text + " ";
        start += at;
        var end = start;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] is '.' or 'e' or 'E' or '-' or '+')) end++;
        return text[..start] + s_numbers[chance.Next(s_numbers.Length)] + text[end..];
    }

    private static string OtherValue(string text, Random chance)
    {
        var root = JsonNode.Parse(text)!;
        var all = new List<JsonNode>();
        Collect(root);
        if (all.Count == 0) return "null";
        var chosen = all[chance.Next(all.Count)];
        JsonNode? instead = chance.Next(8) switch
        {
            0 => null,
            1 => JsonValue.Create("text"),
            2 => new JsonArray(),
            3 => new JsonObject(),
            4 => all[chance.Next(all.Count)].DeepClone(),
            _ => JsonNode.Parse(s_numbers[chance.Next(s_numbers.Length - 3)] is "1e999" ? "3" : s_numbers[chance.Next(7)]),
        };
        chosen.ReplaceWith(instead);
        return root.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

        void Collect(JsonNode node)
        {
            if (node.Parent is not null) all.Add(node);
            if (node is JsonObject record) foreach (var (_, value) in record) { if (value is not null) Collect(value); }
            if (node is JsonArray list) foreach (var value in list) { if (value is not null) Collect(value); }
        }
    }

    private static byte[] WithDigest(PackageFiles files)
    {
        var test = JsonNode.Parse(files["selftest.json"])!;
        test["model"] = ModelPackage.Digest(files);
        return Encoding.UTF8.GetBytes(test.ToJsonString());
    }

    private static byte[] Manifest(PackageFiles package, PackageFiles files)
    {
        var manifest = JsonNode.Parse(package["manifest.json"])!;
        manifest["files"] = new JsonArray([.. files.Paths.Select(p => new JsonObject
        {
            ["path"] = p,
            ["bytes"] = files[p].Length,
            ["sha256"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(files[p])),
        })]);
        return Encoding.UTF8.GetBytes(manifest.ToJsonString());
    }

    /// <summary>The counts in words.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Refused} refused, {Same} score as before, {Other} are other models vouched for throughout; slowest {Slowest.TotalSeconds:0.00} s");
}
