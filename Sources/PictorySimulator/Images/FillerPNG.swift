/// A structurally right PNG that goes on for as long as anyone reads.
///
/// It is a header and then private ancillary chunks with good checksums, so that nothing but a limit on its size stops a
/// reader.
enum FillerPNG {
    static let opening = PNGEncoder.opening(width: 1024, height: 1024)

    /// One chunk of 64 KiB, sent over and over.
    static let chunk: [UInt8] = {
        var bytes: [UInt8] = []
        PNGEncoder.appendChunk("fiLl", [UInt8](repeating: 0x20, count: 64 * 1024 - 12)[...], to: &bytes)
        return bytes
    }()
}
