/// Paths as somebody typed them, taken apart and put together in one place.
///
/// Records and messages repeat a path as it was typed. swift-system's `FilePath` would not do: it drops the slashes that
/// change nothing, so that `images//` becomes `images`.
public enum TypedPath {
    /// The directory that holds the last name of a path.
    public static func parent(of path: String) -> String {
        var bytes = Substring(path).utf8
        while bytes.count > 1, bytes.last == slash { bytes.removeLast() }
        guard let lastSlash = bytes.lastIndex(of: slash) else { return "." }
        return lastSlash == bytes.startIndex ? "/" : String(Substring(bytes[..<lastSlash]))
    }

    /// What follows the last slash of a path; empty where the path ends in a slash.
    public static func lastName(of path: String) -> String {
        let bytes = path.utf8
        return String(path[(bytes.lastIndex(of: slash).map(bytes.index(after:)) ?? bytes.startIndex)...])
    }

    /// The end of a path, of so many names.
    public static func lastNames(_ count: Int, of path: String) -> String {
        let bytes = path.utf8
        var names = 0
        let start = bytes.indices.last { place in
            names += bytes[place] == slash ? 1 : 0
            return names == count
        }
        return start.map { String(path[bytes.index(after: $0)...]) } ?? path
    }

    /// What stands before a name at the end of a path, the slash between them included: empty where the path is the name.
    /// Nil where the path does not end in that name.
    ///
    /// The name may be of several names, such as `acme/a.png`. Bytes are compared: of two texts that look alike one may be
    /// longer.
    public static func directory(of path: String, holding name: String) -> String? {
        let rest = path.utf8.dropLast(name.utf8.count)
        guard path.utf8.suffix(name.utf8.count).elementsEqual(name.utf8), rest.isEmpty || rest.last == slash else {
            return nil
        }
        return String(Substring(rest))
    }

    /// A directory and a name within it, with one slash between them.
    public static func joined(_ directory: String, _ name: String) -> String {
        var directory = directory
        while directory.utf8.last == slash { directory.removeLast() }
        return "\(directory)/\(name)"
    }

    /// The directories on the way to a path, from its first name on, and the path itself.
    public static func steps(to path: String) -> [String] {
        let bytes = path.utf8
        return bytes.indices.compactMap { end in
            let next = bytes.index(after: end)
            // A name ends where a slash or nothing follows.
            guard bytes[end] != slash, next == bytes.endIndex || bytes[next] == slash else { return nil }
            return String(path[..<next])
        }
    }

    private static let slash = UInt8(ascii: "/")
}
