@testable import FetchCore

/// The images of a night: bytes that say whose they are and end in a checksum, as a PNG does in its own way.
enum NightImage {
    static let firstByte: UInt8 = 0x89
    private static let checksumLength = 8
    /// The variant of an image whose url has expired for good.
    static let expiredVariant = "expired"

    /// The whole image of a job; a fresh url may lead to another variant, of another length.
    static func body(of job: Int, variant: Int) -> [UInt8] {
        let length = 10 + (job * 7 + variant * 13) % 40
        let start = [firstByte, UInt8(truncatingIfNeeded: job), UInt8(truncatingIfNeeded: variant), UInt8(length)]
        let body = start + (0..<length).map { UInt8(truncatingIfNeeded: job &* 31 &+ $0) }
        return body + checksum(body[...])
    }

    /// Whether a job's image breaks a rule that decoders forgive, however often it is fetched.
    static func isIrregular(_ job: Int) -> Bool { job.isMultiple(of: 5) }

    /// Whether the bytes are an image from its first to its last.
    static func isWhole(_ bytes: [UInt8]) -> Bool {
        bytes.count > 4 + checksumLength && bytes[0] == firstByte
            && bytes.count == 4 + Int(bytes[3]) + checksumLength
            && Array(bytes.suffix(checksumLength)) == checksum(bytes.dropLast(checksumLength))
    }

    /// The job whose image this is; nil for what is no whole image.
    static func owner(of bytes: [UInt8]) -> Int? {
        isWhole(bytes) ? Int(bytes[1]) : nil
    }

    /// What the record calls the image's digest.
    static func digest(of bytes: [UInt8]) -> String {
        String(hash(bytes[...]), radix: 16)
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let hash = hash(bytes)
        return (0..<checksumLength).map { UInt8(truncatingIfNeeded: hash >> UInt64(8 * $0)) }
    }

    /// FNV-1a.
    private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
