import FetchCore
import Files

/// How far the manifests have been read.
struct ManifestReading: Sendable {
    private var paths: ArraySlice<ManifestPath>
    /// The part of the lines that is read; nil for all of them.
    private let shard: Shard?
    /// What the jobs' images are called; nil for the jobs' own names.
    private let names: LineNames?
    private var current: OpenManifest?
    /// Manifests that could not be read to their end, and why.
    private(set) var unreadable: [String] = []
    /// Bytes of all manifests together; nil when one of them has no size.
    private let size: Int?
    /// Bytes of the manifests that have been read to their end.
    private var closedBytes = 0

    init(_ paths: [ManifestPath], shard: Shard?, names: LineNames?) {
        self.paths = paths[...]
        self.shard = shard
        self.names = names
        size = paths.reduce(0) { sum, path in
            guard let sum, let size = path.size else { return nil }
            return sum + size
        }
    }

    /// How much of the manifests has been read, 0...1; nil when that is not known, or when one grows while it is read.
    private func portion(with open: OpenManifest) -> Double? {
        let read = closedBytes + open.passedBytes
        guard let size, size > 0, read <= size else { return nil }
        return Double(read) / Double(size)
    }

    /// Waits until there is a line, the end or the flag; the rule of ``FetchCore/ManifestSource/read(upTo:)``.
    mutating func batch(
        upTo limit: Int, until stopFlag: StopFlag, clock: () -> Timestamp
    ) -> ManifestBatch {
        while !stopFlag.isRaised {
            guard var manifest = current.take() ?? openNext() else { return ManifestBatch(items: [], ended: true) }
            let items = manifest.items(upTo: limit, now: clock())
            if !items.isEmpty {
                let portion = portion(with: manifest)
                current = manifest
                return ManifestBatch(items: items, ended: false, portion: portion)
            }
            do {
                let more = try manifest.readOn(until: stopFlag)
                closedBytes += more ? 0 : manifest.passedBytes
                if more { current = manifest }
            } catch {
                unreadable.append(
                    "\(manifest.path.noun) could not be read beyond line \(manifest.lastLine): \(error)")
            }
        }
        return ManifestBatch(items: [], ended: true)
    }

    /// Opens the next manifest that can be opened; nil when there is none left.
    private mutating func openNext() -> OpenManifest? {
        while let path = paths.popFirst() {
            do {
                return try OpenManifest(path, shard: shard, names: names)
            } catch {
                unreadable.append("\(path.noun) could not be read: \(error)")
            }
        }
        return nil
    }
}
