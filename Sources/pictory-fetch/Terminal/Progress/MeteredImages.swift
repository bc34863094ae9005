import FetchCore
import Synchronization

/// Passes images on, and counts their bytes as they arrive.
final class MeteredImages: ImageSource {
    private let images: any ImageSource
    private let count = Atomic<Int64>(0)

    init(_ images: any ImageSource) {
        self.images = images
    }

    /// The bytes of all images so far.
    var bytes: Int64 { count.load(ordering: .relaxed) }

    func download(
        _ url: String, into consume: @escaping (RawSpan) throws(JobFailure) -> Void
    ) async throws(JobFailure) {
        try await images.download(url) { [self] (bytes) throws(JobFailure) in
            count.wrappingAdd(Int64(bytes.byteCount), ordering: .relaxed)
            try consume(bytes)
        }
    }
}
