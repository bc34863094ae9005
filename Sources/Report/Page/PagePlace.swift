import FetchCore
import JSONBridge

/// Where a page lies, and so by which way it finds images whose paths begin where the run was started.
public struct PagePlace: Sendable, Equatable {
    private let directory: [Substring]
    private let workingDirectory: [Substring]

    /// Both from the root, and both without `.` and `..`. The directory is that of the page, as somebody has typed it:
    /// whoever opens the page types it in the same way.
    public init(directory: String, workingDirectory: String) {
        self.directory = Self.names(of: directory)
        self.workingDirectory = Self.names(of: workingDirectory)
    }

    /// What stands between the slashes, which are bytes: a mark after one, such as U+0301, belongs to the name.
    private static func names(of path: String) -> [Substring] {
        path.utf8.split(separator: UInt8(ascii: "/")).map { Substring($0) }
    }

    /// What stands before a relative path, so that it leads there from the page: empty, or with a slash at its end.
    var imageBase: String {
        let common = zip(directory, workingDirectory).prefix { $0.utf8.elementsEqual($1.utf8) }.count
        let ways = directory[common...].map { _ in ".." } + workingDirectory[common...].map(Self.encoded)
        return ways.map { $0 + "/" }.joined()
    }

    /// The directory of the page as the path of a url, with a slash at its end.
    var urlPath: String { "/" + directory.map { Self.encoded($0) + "/" }.joined() }

    /// What the page's script has to know, as JSON that may stand within a script.
    ///
    /// The page's own place is in it only if an image is named from the root: the page is the same at any place otherwise.
    func settings(records: Int, leftOut: Int, namesImagesFromRoot: Bool, groups: [FailureGroups.Key] = [])
        -> [UInt8]
    {
        Self.inScript(
            .object([
                ("imageBase", .string(imageBase)), ("pageDirectory", namesImagesFromRoot ? .string(urlPath) : .null),
                ("records", .integer(records)), ("leftOut", .integer(leftOut)),
                ("groups", .array(groups.map(Self.exactly))),
            ]))
    }

    /// Every character as the records have it, which an attribute cannot keep.
    private static func exactly(_ key: FailureGroups.Key) -> JSONOutput {
        .object([
            ("status", .string(key.status.rawValue)), ("code", .string(key.code.text)),
            ("action", .string(key.action.text)), ("reason", .string(key.reason.text)),
        ])
    }

    /// JSON without any character that could end a script or a line of it.
    static func inScript(_ value: JSONOutput) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in String(decoding: value.encoded(), as: UTF8.self).unicodeScalars {
            switch scalar {
            case "<", ">", "&", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                bytes += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8
            default: bytes += String(scalar).utf8
            }
        }
        return bytes
    }

    /// A name as a segment of a url's path: every byte but the unreserved ones of RFC 3986 is encoded.
    private static func encoded(_ name: Substring) -> String {
        let digits = Array("0123456789ABCDEF")
        return name.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                String(Unicode.Scalar(byte))
            default: "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }.joined()
    }
}
