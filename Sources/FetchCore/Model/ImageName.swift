/// The path of an image below the output directory. No such path leads out of it.
///
/// Each of its components is the name of a file that is not hidden and that no command takes for an option. Names are
/// compared byte for byte, as the system does.
public struct ImageName: Sendable {
    /// The components, with a slash between each two.
    public let text: String
    /// A placeholder of the template has no value on the manifest line.
    public let lacksValue: Bool

    /// Nil unless each component has 1 to 255 bytes, begins neither with a dot nor with a hyphen, and holds no control
    /// character.
    public init?(_ text: String, lacksValue: Bool = false) {
        let components = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard components.allSatisfy(Self.isComponent) else { return nil }
        self.text = text
        self.lacksValue = lacksValue
    }

    /// The directories on the way, and the file's own name.
    public var components: [String] {
        text.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
    }

    /// Most bytes of a component: what a name has room for on the file systems of Linux.
    public static let longestComponent = 255

    /// How many characters of a name a message shows at most.
    private static let shownLength = 300

    /// The name as a message to a person shows it.
    public var shown: String { ForeignText.printable(text, limit: Self.shownLength) }

    private static func isComponent(_ bytes: Substring.UTF8View) -> Bool {
        guard let first = bytes.first, bytes.count <= longestComponent, first != UInt8(ascii: "."),
            first != UInt8(ascii: "-")
        else { return false }
        return Substring(bytes).unicodeScalars.allSatisfy { !isControl($0) }
    }

    /// Whether a scalar is a control character: C0, DEL or C1.
    public static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value
    }
}

extension ImageName: Equatable {
    public static func == (left: ImageName, right: ImageName) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }
}
