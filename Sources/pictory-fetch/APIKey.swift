import FetchCore
import Glibc

/// Where the API key is found. It is never taken from an argument, which anyone on the machine could read.
enum APIKey {
    /// The key of the file, else of the environment, else of the service manager's credentials.
    static func find(file: String?, environment: [String: String]) throws(StartFault) -> String {
        if let file {
            return try key(inFile: file, named: "--api-key-file")
        }
        if let key = environment["PICTORY_API_KEY"], !key.isEmpty {
            return try checked(key, from: "PICTORY_API_KEY")
        }
        if let directory = environment["CREDENTIALS_DIRECTORY"], !directory.isEmpty {
            let path = directory + "/" + credentialName
            if access(path, F_OK) == 0 {
                return try key(inFile: path, named: "the credential")
            }
        }
        throw StartFault(status: .configuration, message: missing)
    }

    /// The file's name among a service's credentials (systemd's LoadCredential=).
    private static let credentialName = "pictory-api-key"

    /// Longer than any key; a file that is something else is not read whole.
    private static let longest = 4096

    private static let missing = """
        no API key. Give it in one of three ways:
          --api-key-file FILE                       the first line of FILE is the key
          PICTORY_API_KEY=pictai_...                in the environment
          $CREDENTIALS_DIRECTORY/pictory-api-key    from systemd's LoadCredential=
        To try the program without a key, run scripts/demo: it uses a simulator.
        """

    private static func key(inFile path: String, named name: String) throws(StartFault) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw unreadable(path, name, errno)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: longest + 1)
        var length = 0
        while length < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                read(descriptor, buffer.baseAddress.map { $0 + length }, buffer.count - length)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path, name, errno) }
            if count == 0 { break }
            length += count
        }
        let line = bytes[..<length].prefix { $0 != UInt8(ascii: "\n") }
        return try checked(String(decoding: line, as: UTF8.self), from: "\(name) \(path)")
    }

    private static func unreadable(_ path: String, _ name: String, _ code: Int32) -> StartFault {
        let reason = String(cString: strerror(code))
        return StartFault(status: .configuration, message: "the API key in \(name) \(path) cannot be read: \(reason)")
    }

    /// A key is printable ASCII without spaces; anything else could not travel in a header. The message never shows it.
    private static func checked(_ text: String, from place: String) throws(StartFault) -> String {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D }
        let key = Array(text.utf8.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
        guard !key.isEmpty else {
            throw StartFault(status: .configuration, message: "the API key from \(place) is empty")
        }
        guard key.count <= longest, key.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw StartFault(
                status: .configuration,
                message: "the API key from \(place) is no key: it may hold printable ASCII characters only, no spaces")
        }
        return String(decoding: key, as: UTF8.self)
    }
}
