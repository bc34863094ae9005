/// Why the pixels of a PNG cannot be decoded, although its chunks are sound.
public enum PixelError: Error, Sendable, Equatable {
    /// zlib reports an error, in its own words.
    case notInflatable(String)
    /// The zlib stream does not end within the image data.
    case unfinished
    /// The zlib stream has ended before the last row was complete.
    case tooShort
    /// There are more inflated bytes than the rows take.
    case tooLong
    /// Image data goes on after the zlib stream's end.
    case bytesAfterStream
    /// A row names a filter that does not exist; rows count from 1, through all passes of an interlaced image.
    case filterUnknown(row: Int)
}

extension PixelError: CustomStringConvertible {
    /// One sentence for a person.
    public var description: String {
        switch self {
        case .notInflatable(let reason): "The compressed pixels cannot be inflated: \(reason)."
        case .unfinished: "The compressed pixels end in the middle of their stream."
        case .tooShort: "There are fewer pixels than the image's width and height demand."
        case .tooLong: "There are more pixels than the image's width and height allow."
        case .bytesAfterStream: "Bytes follow the end of the compressed pixels."
        case .filterUnknown(let row): "Row \(row) of the pixels names a filter that there is not."
        }
    }
}
