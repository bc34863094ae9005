public import Glibc

/// A folder of one test's own, removed with all that is in it when the test lets go of it.
public final class TemporaryFolder: Sendable {
    public let path: String

    public init() throws(SystemCallError) {
        var template = Array("/tmp/pictory-fetch-tests-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw SystemCallError("mkdtemp") }
        path = String(cString: made)
    }

    deinit {
        Self.remove(path)
    }

    public func callAsFunction(_ name: String) -> String {
        "\(path)/\(name)"
    }

    public func write(_ text: String, to name: String) throws(SystemCallError) -> String {
        try write(Array(text.utf8), to: name)
    }

    public func write(_ bytes: [UInt8], to name: String) throws(SystemCallError) -> String {
        guard let file = fopen(self(name), "w") else { throw SystemCallError("fopen \(name)") }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw SystemCallError("fwrite \(name)") }
        return self(name)
    }

    public func read(_ name: String) throws(SystemCallError) -> [UInt8] {
        guard let file = fopen(self(name), "r") else { throw SystemCallError("fopen \(name)") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&block, 1, block.count, file), count > 0 {
            bytes.append(contentsOf: block[..<count])
        }
        return bytes
    }

    public func text(_ name: String) throws(SystemCallError) -> String {
        String(decoding: try read(name), as: UTF8.self)
    }

    /// The names in the folder, or in a folder within it, sorted.
    public func names(in name: String = ".") throws(SystemCallError) -> [String] {
        try Self.names(in: self(name))
    }

    /// What a name is, symbolic links not followed; nil if there is none.
    public func status(_ name: String) -> stat? {
        var status = stat()
        return lstat(self(name), &status) == 0 ? status : nil
    }

    private static func names(in path: String) throws(SystemCallError) -> [String] {
        guard let stream = opendir(path) else { throw SystemCallError("opendir \(path)") }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private static func remove(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            unlink(path)
            return
        }
        // What cannot be listed is left to the system's own clean-up of its temporary folder.
        for name in (try? names(in: path)) ?? [] { remove("\(path)/\(name)") }
        rmdir(path)
    }
}
