import Glibc

extension Descriptor {
    /// Makes the names within this directory durable.
    ///
    /// Some file systems know no sync of a directory and say EINVAL or ENOTSUP; there is then nothing to be done.
    public func syncNames() throws(SystemError) {
        do {
            try sync()
        } catch let error where error.code == EINVAL || error.code == ENOTSUP {
            return
        }
    }

    /// Makes durable the name that a path ends in.
    public static func syncName(ofPath path: String) throws(SystemError) {
        try open(parent(ofPath: path), O_RDONLY | O_DIRECTORY).syncNames()
    }

    /// The directory that the last name of a path stands in.
    public static func parent(ofPath path: String) -> String {
        var bytes = Substring(path).utf8
        let slash = UInt8(ascii: "/")
        while bytes.count > 1, bytes.last == slash { bytes.removeLast() }
        guard let lastSlash = bytes.lastIndex(of: slash) else { return "." }
        return lastSlash == bytes.startIndex ? "/" : String(Substring(bytes[..<lastSlash]))
    }

    /// The last name of a path; empty where the path ends in a slash.
    public static func lastName(ofPath path: String) -> String {
        let bytes = path.utf8
        return String(path[(bytes.lastIndex(of: UInt8(ascii: "/")).map(bytes.index(after:)) ?? bytes.startIndex)...])
    }
}
