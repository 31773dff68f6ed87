using System.Text;

namespace CustomerValue.Packaging;

/// <summary>Files of a package or of a model in it, by relative path, in ordinal order. Paths are plain: letters, digits, dot, dash and underscore, parted by '/'.</summary>
public sealed class PackageFiles
{
    /// <summary>Limits of what is read: many times what any package needs, and little for a machine.</summary>
    internal const int MostFiles = 2_000, MostBytes = 512 << 20, LongestPath = 200, DeepestFolder = 8;

    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Paths in ordinal order.</summary>
    public IReadOnlyCollection<string> Paths => _files.Keys;

    /// <summary>Bytes of all files together.</summary>
    public long Bytes => _files.Values.Sum(f => (long)f.Length);

    /// <summary>One file's bytes; read, don't write.</summary>
    /// <exception cref="PackageException">There is no such file.</exception>
    public byte[] this[string path] => _files.TryGetValue(path, out var bytes) ? bytes
        : throw new PackageException($"The file {path} is missing. The package has: {string.Join(", ", _files.Keys.Take(20))}. {PackageException.Damaged}");

    /// <summary>Whether the file is there.</summary>
    public bool Has(string path) => _files.ContainsKey(path);

    /// <summary>Adds a file.</summary>
    /// <exception cref="PackageException">The path isn't plain, or stands already (where case is ignored too).</exception>
    public void Add(string path, byte[] bytes)
    {
        RequirePlain(path);
        if (!_names.Add(path)) throw new PackageException($"The file '{path}' stands twice. Every file has one place; {PackageException.Damaged.ToLowerInvariant()}");
        if (_files.Count == MostFiles) throw new PackageException($"There are more than {MostFiles} files. That is no package of a model.");
        _files.Add(path, bytes);
    }

    /// <summary>Adds a text as UTF-8.</summary>
    /// <inheritdoc cref="Add(string, byte[])"/>
    public void Add(string path, string text) => Add(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds files under a folder.</summary>
    /// <inheritdoc cref="Add(string, byte[])"/>
    public void Add(string folder, PackageFiles files)
    {
        foreach (var (path, bytes) in files._files) Add($"{folder}/{path}", bytes);
    }

    /// <summary>The files below a folder, by their path inside it.</summary>
    public PackageFiles Under(string folder)
    {
        var found = new PackageFiles();
        foreach (var (path, bytes) in _files)
            if (path.StartsWith(folder + "/", StringComparison.Ordinal)) found.Add(path[(folder.Length + 1)..], bytes);
        return found;
    }

    /// <summary>A text file's content.</summary>
    /// <exception cref="PackageException">There is no such file, or it isn't UTF-8.</exception>
    public string Text(string path)
    {
        var bytes = this[path];
        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes)
            : throw new PackageException($"{path} isn't UTF-8, which all texts of a package are. {PackageException.Damaged}");
    }

    /// <summary>Reads a package's files, unopened: nothing is checked but that they are plain files of a bearable size.</summary>
    /// <param name="path">A folder, or a zip archive.</param>
    /// <exception cref="PackageException">It holds a link, too much, or a path that isn't plain, or the archive is damaged.</exception>
    /// <exception cref="FileNotFoundException">There is nothing at that path.</exception>
    public static PackageFiles Open(string path)
    {
        if (Directory.Exists(path)) return ReadFolder(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no package at {path}. An experiment makes one: artifacts/package/NAME.zip.", path);
        if (new FileInfo(path).Length > MostBytes) throw new PackageException($"{path} is larger than {MostBytes >> 20} MB. That is no package of a model.");
        return PackageArchive.Read(File.ReadAllBytes(path));
    }

    /// <summary>Reads a folder.</summary>
    /// <exception cref="PackageException">It holds a link, too much, or a path that isn't plain.</exception>
    public static PackageFiles ReadFolder(string folder)
    {
        var files = new PackageFiles();
        var left = (long)MostBytes;
        Read(new(folder), "", 0);
        return files;

        void Read(DirectoryInfo place, string prefix, int depth)
        {
            if (depth > DeepestFolder) throw new PackageException($"Folders lie more than {DeepestFolder} deep at {prefix}. That is no package of a model.");
            foreach (var entry in place.EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
            {
                var path = prefix + entry.Name;
                if (entry.LinkTarget is not null) throw new PackageException($"{path} is a link. A package holds plain files only, so that nothing outside it counts; copy what it points to, or take the package from its source again.");
                if (entry is DirectoryInfo inner) { Read(inner, path + "/", depth + 1); continue; }
                left -= ((FileInfo)entry).Length;
                if (left < 0) throw new PackageException($"The files are larger than {MostBytes >> 20} MB together, at {path}. That is no package of a model.");
                files.Add(path, File.ReadAllBytes(entry.FullName));
            }
        }
    }

    /// <summary>Writes the files into a folder, whole: another of that name is replaced at the end.</summary>
    public void WriteFolder(string folder)
    {
        var part = folder + ".part";
        if (Directory.Exists(part)) Directory.Delete(part, recursive: true);
        foreach (var (path, bytes) in _files)
        {
            var file = Path.Combine(part, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, bytes);
        }
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.Move(part, folder);
    }

    /// <summary>Refuses a path that could lead anywhere but into the package.</summary>
    internal static void RequirePlain(string path)
    {
        var plain = path.Length is > 0 and <= LongestPath && path.Split('/').All(part =>
            part.Length > 0 && part is not ("." or "..") && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'));
        if (!plain)
            throw new PackageException(
                $"The path '{string.Concat(path.Take(80).Select(c => char.IsControl(c) ? '?' : c))}' isn't plain: letters, digits, '.', '-' and '_', parted by '/', relative and without '..', are expected. " +
                "Nothing was unpacked; take the package from a source that you trust.");
    }
}
