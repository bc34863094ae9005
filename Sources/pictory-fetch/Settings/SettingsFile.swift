import FetchCore
import Files
import JSONBridge

/// A configuration file: one JSON object whose members are settings, named like the long flags without their dashes.
struct SettingsFile {
    /// As it was named.
    let path: String
    /// In the order of the file; no name repeats.
    private let members: [JSONMember]

    /// Longest file, in bytes: many times what all settings take.
    static let longest = 64 << 10

    /// Reads the file and checks its names.
    init(path: String) throws(StartError) {
        self.path = path
        let bytes: [UInt8]
        do {
            bytes = try SmallFile.read(path, limit: Self.longest)
        } catch {
            throw StartError(
                status: .configuration, message: "the configuration file \(path) cannot be read: \(error)")
        }
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: bytes)
        } catch {
            throw Self.error(
                path, "is not JSON: \(error.reason.sentence), at \(Self.place(of: error.offset, in: bytes))")
        }
        guard let members = document.root.object else {
            throw Self.error(path, #"is no JSON object such as {"concurrency": 32, "once": true}"#)
        }
        if let name = document.repeatedMembers.first {
            throw Self.error(path, "says \"\(SettingNames.shown(name))\" twice")
        }
        self.members = members
        for member in members {
            if let reason = SettingNames.refusal(ofFileName: member.name) { throw Self.error(path, reason) }
        }
    }

    /// What the file says of a setting; nil when it says nothing.
    subscript(name: String) -> JSONValue? {
        members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    private static func error(_ path: String, _ what: String) -> StartError {
        StartError(status: .configuration, message: "the configuration file \(path) \(what)")
    }

    /// Line and column count from 1 and the offset from 0; the column and the offset are in bytes.
    private static func place(of offset: Int, in bytes: [UInt8]) -> String {
        let before = bytes.prefix(offset)
        let newline = UInt8(ascii: "\n")
        let line = before.count { $0 == newline } + 1
        let column = before.count - (before.lastIndex(of: newline) ?? -1)
        return "line \(line), column \(column) (byte offset \(offset))"
    }
}
