import FetchCore
import TestSupport

@testable import Images

/// Part files of one image, in a folder of the test's own.
protocol MakesParts {
    var folder: TemporaryFolder { get }
    /// The output directory, which is `out` in the folder.
    var images: ImageDirectory { get }
}

extension MakesParts {
    /// What the image is called.
    static var name: String { "\(Sample.idText).png" }

    /// A part of the image; its id is given in upper case, which its name is not.
    func makePart(in images: ImageDirectory? = nil) throws -> any PartFile {
        (images ?? self.images).makePart(for: try Sample.id(Sample.idText.uppercased()))
    }

    /// Writes the image whole, and gives it its name.
    func publish(_ part: any PartFile) throws {
        let png = SmallPNG.bytes()
        try part.write(png.span.bytes)
        _ = try part.prove()
        try part.sync()
        try part.publish()
    }
}
