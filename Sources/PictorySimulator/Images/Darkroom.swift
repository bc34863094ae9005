import NIOPosix
import Synchronization

/// Paints pictures and develops them into PNG files, away from the threads that answer requests.
///
/// A few recent files are kept, because a client whose download failed soon asks again.
final class Darkroom: Sendable {
    /// What went wrong when a picture could not be made.
    enum Failure: Error {
        case outOfMemory
    }

    /// Finished files are kept up to this many bytes.
    private static let cacheLimit = 48 * 1024 * 1024

    private struct Cache {
        var files: [Picture: [UInt8]] = [:]
        var order: [Picture] = []
        var bytes = 0
    }

    private let cache = Mutex(Cache())

    func png(of picture: Picture) async throws -> [UInt8] {
        if let file = cache.withLock({ $0.files[picture] }) { return file }
        let file = try await NIOThreadPool.singleton.runIfActive {
            guard let file = PNGEncoder.encode(picture.style.paint(picture.size, seed: picture.seed)) else {
                throw Failure.outOfMemory
            }
            return file
        }
        keep(file, of: picture)
        return file
    }

    private func keep(_ file: [UInt8], of picture: Picture) {
        cache.withLock { cache in
            guard cache.files.updateValue(file, forKey: picture) == nil else { return }
            cache.order.append(picture)
            cache.bytes += file.count
            while cache.bytes > Darkroom.cacheLimit, !cache.order.isEmpty {
                cache.bytes -= cache.files.removeValue(forKey: cache.order.removeFirst())?.count ?? 0
            }
        }
    }
}
