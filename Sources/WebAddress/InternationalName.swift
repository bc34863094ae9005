import CIDN

/// A domain name in letters beyond ASCII, and the ASCII name that DNS knows it by (`xn--…`).
enum InternationalName {
    /// The ASCII name, by IDNA 2008 and Unicode TR46 without its transitional rules, as curl does it.
    ///
    /// What the URL Standard reads and IDNA 2008 forbids is refused, such as a symbol (`☃.example`): a registry that
    /// follows the rules has no such name.
    ///
    /// - Parameter name: UTF-8 without a NUL, at which the library would stop reading.
    static func ascii(_ name: [UInt8]) throws(WebURLError) -> [UInt8] {
        guard let text = String(validating: name, as: UTF8.self) else { throw .malformed }
        var converted: UnsafeMutablePointer<UInt8>?
        let flags = CInt(IDN2_NFC_INPUT.rawValue | IDN2_NONTRANSITIONAL.rawValue)
        let status = text.withCString { start in
            start.withMemoryRebound(to: UInt8.self, capacity: text.utf8.count + 1) {
                idn2_lookup_u8($0, &converted, flags)
            }
        }
        guard status == CInt(IDN2_OK.rawValue), let converted else { throw .invalidInternationalHost }
        defer { idn2_free(converted) }
        return Array(String(cString: converted).utf8)
    }
}
