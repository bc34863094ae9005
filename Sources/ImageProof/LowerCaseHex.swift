/// Two lower-case hexadecimal digits for each byte.
func lowerCaseHex(_ bytes: some Sequence<UInt8>) -> String {
    let bytes = Array(bytes)
    return String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
        let digits: StaticString = "0123456789abcdef"
        var length = 0
        for byte in bytes {
            text.initializeElement(at: length, to: digits.utf8Start[Int(byte >> 4)])
            text.initializeElement(at: length + 1, to: digits.utf8Start[Int(byte & 0x0F)])
            length += 2
        }
        return length
    }
}
