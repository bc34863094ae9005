import FetchCore
import Files
import Glibc

/// The API key, and where it was found. It is never taken from an argument, which anyone on the machine could read, nor
/// from a configuration file, which is made to be shared.
struct APIKey {
    let text: String
    let place: Place

    enum Place: Equatable {
        /// The file that --api-key-file names.
        case file(String)
        /// The environment's PICTORY_API_KEY.
        case variable
        /// A file among the service manager's credentials.
        case credential(String)
    }

    /// The key of the file that a flag or a variable names, else of PICTORY_API_KEY, else of the file that the
    /// configuration file names, else of the service manager's credentials.
    static func find(_ settings: EffectiveSettings) throws(StartError) -> APIKey {
        let file = try settings.effective(Settings.apiKeyFile)
        if case .file = file.source, let key = settings.variable(variable) {
            return APIKey(text: try checked(key, from: variable), place: .variable)
        }
        if let path = file.value {
            return APIKey(text: try key(inFile: path, named: file.place), place: .file(path))
        }
        if let key = settings.variable(variable) {
            return APIKey(text: try checked(key, from: variable), place: .variable)
        }
        if let directory = settings.variable("CREDENTIALS_DIRECTORY") {
            let path = directory + "/" + credentialName
            if access(path, F_OK) == 0 {
                return APIKey(text: try key(inFile: path, named: "the credential"), place: .credential(path))
            }
        }
        throw StartError(status: .configuration, message: "no API key. \(threeWays)\n\(withoutKey)")
    }

    /// The variable that may hold the key.
    static let variable = "PICTORY_API_KEY"

    /// The key as it may be shown: enough to tell one key from another, and nothing of one that is short.
    static func masked(_ key: String) -> String {
        key.utf8.count < shortestShown ? "set" : "…\(key.suffix(4))"
    }

    /// Of a key of this length four characters tell next to nothing.
    private static let shortestShown = 24

    /// The file's name among a service's credentials (systemd's LoadCredential=).
    private static let credentialName = "pictory-api-key"

    /// Longest key, and longest file that holds one, in bytes: many times what any takes.
    private static let longest = 4096

    /// How a key is given.
    static let threeWays = """
        Give it in one of three ways:
          --api-key-file FILE                       the first line of FILE is the key
          PICTORY_API_KEY=pictai_...                in the environment
          $CREDENTIALS_DIRECTORY/pictory-api-key    from systemd's LoadCredential=
        """

    private static let withoutKey = "To try the program without a key, run scripts/demo: it uses a simulator."

    private static func key(inFile path: String, named name: String) throws(StartError) -> String {
        let bytes: [UInt8]
        do {
            bytes = try SmallFile.read(path, limit: longest)
        } catch {
            // The key itself in place of a path is not repeated.
            guard !path.hasPrefix("pictai_") else {
                throw StartError(
                    status: .configuration, message: "\(name) wants the name of a file, not the key itself")
            }
            throw StartError(
                status: .configuration, message: "the API key in \(name) \(path) cannot be read: \(error)")
        }
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        return try checked(String(decoding: line, as: UTF8.self), from: "\(name) \(path)")
    }

    /// A key is printable ASCII without spaces; anything else could not travel in a header. The message never shows it.
    ///
    /// White space at its ends is not the key's: a secret that was made from a file has that file's last line break.
    private static func checked(_ text: String, from place: String) throws(StartError) -> String {
        let isBlank = { (byte: UInt8) in byte == 0x20 || 0x09...0x0D ~= byte }
        let key = Array(text.utf8.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
        guard !key.isEmpty else {
            throw StartError(status: .configuration, message: "the API key from \(place) is empty")
        }
        if let flaw = flaw(of: key) {
            throw StartError(status: .configuration, message: "the API key from \(place) is no key: it \(flaw)")
        }
        return String(decoding: key, as: UTF8.self)
    }

    /// What no key has, as the end of a sentence; nil for a key.
    private static func flaw(of key: [UInt8]) -> String? {
        guard key.count <= longest else { return "is longer than \(longest) bytes" }
        for byte in key {
            switch byte {
            case 0x21...0x7E: continue
            case 0x0A, 0x0D: return "has a line break within it; give the key alone"
            case 0x20: return "has a space within it; give the key alone"
            case 0..<0x20, 0x7F: return "has a control character within it"
            default: return "has a character that is not ASCII"
            }
        }
        return nil
    }
}
