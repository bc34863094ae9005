/// Whether bytes are the start of a video file, the other thing that a job can make.
///
/// MP4 and QuickTime files begin with a box of type `ftyp` (ISO/IEC 14496-12, 4.3). The same container also holds
/// still pictures, AVIF and HEIF, which its brand tells; these are images that are no PNG.
func isVideo(_ start: RawSpan) -> Bool {
    guard start.byteCount >= 12 else { return false }
    let bytes = start.withUnsafeBytes { Array($0.prefix(12)) }
    let stillPictures = ["avif", "avis", "heic", "heix", "heim", "heis", "mif1", "msf1"]
    return bytes[4..<8].elementsEqual("ftyp".utf8)
        && !stillPictures.contains { bytes[8..<12].elementsEqual($0.utf8) }
}
