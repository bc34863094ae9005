import FetchCore
import Glibc

/// What the program was started with: arguments and environment, which to the system are bytes and to the program text.
///
/// A path that is not UTF-8 would name another file after a repair, so it is refused.
enum Invocation {
    /// The arguments, without the program's own name.
    ///
    /// Swift's runtime reads them from `/proc`. Where there is none they would be lost, flags and all.
    static func arguments() throws(StartError) -> [String] {
        try arguments((0..<Int(CommandLine.argc)).map { CommandLine.unsafeArgv[$0] })
    }

    /// The arguments of these bytes, the program's name being the first.
    static func arguments(_ given: [UnsafeMutablePointer<CChar>?]) throws(StartError) -> [String] {
        guard !given.isEmpty else {
            throw StartError(
                status: .configuration,
                message: "the system hands over no arguments: /proc/self/cmdline cannot be read; is /proc mounted?")
        }
        var arguments: [String] = []
        for (place, bytes) in given.enumerated().dropFirst() {
            guard let bytes else { break }
            guard let text = String(validatingCString: bytes) else {
                throw StartError(
                    status: .usage, message: "argument \(place) is not UTF-8: \(escaped(bytes))")
            }
            arguments.append(text)
        }
        return arguments
    }

    /// The variables of the environment.
    static func environment() throws(StartError) -> [String: String] {
        var entries: [UnsafeMutablePointer<CChar>] = []
        var next = environ
        while let entry = next.pointee {
            entries.append(entry)
            next += 1
        }
        return try environment(entries)
    }

    /// The variables of these bytes. What is no text is left out, unless it is one that the program goes by.
    static func environment(_ entries: [UnsafeMutablePointer<CChar>]) throws(StartError) -> [String: String] {
        var variables: [String: String] = [:]
        for entry in entries {
            guard let text = String(validatingCString: entry) else {
                let name = String(cString: entry).prefix { $0 != "=" }
                // The value may be the key, so no message repeats it.
                guard !isOurs(name) else {
                    throw StartError(status: .configuration, message: "\(name) is not UTF-8")
                }
                continue
            }
            if let mark = text.utf8.firstIndex(of: UInt8(ascii: "=")) {
                variables[String(text[..<mark])] = String(text[text.utf8.index(after: mark)...])
            }
        }
        return variables
    }

    private static func isOurs(_ name: Substring) -> Bool {
        name.hasPrefix("PICTORY_") || name == "CREDENTIALS_DIRECTORY"
            || ["https_proxy", "http_proxy", "no_proxy"].contains(name.lowercased())
    }

    /// Bytes as the shell's `$'…'` spells them.
    private static func escaped(_ bytes: UnsafeMutablePointer<CChar>) -> String {
        var text = ""
        for byte in UnsafeRawBufferPointer(start: bytes, count: strlen(bytes)) {
            switch byte {
            case 0x20...0x7E: text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += "\\x" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
            }
        }
        return text
    }
}
