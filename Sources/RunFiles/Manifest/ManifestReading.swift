import FetchCore

/// How far the manifests have been read.
struct ManifestReading: Sendable {
    private var paths: ArraySlice<ManifestPath>
    private var current: OpenManifest?
    /// Manifests that ended before their time, and why.
    private(set) var unreadable: [String] = []

    init(_ paths: [ManifestPath]) {
        self.paths = paths[...]
    }

    /// Waits until there is a line, the end or the signal; the rule of ``FetchCore/ManifestSource/read(upTo:)``.
    mutating func batch(
        upTo limit: Int, until stopSignal: StopSignal, clock: () -> Timestamp
    ) -> ManifestBatch {
        while !stopSignal.isRaised {
            guard var manifest = current.take() ?? openNext() else { return ManifestBatch(items: [], ended: true) }
            let items = manifest.items(upTo: limit, now: clock())
            if !items.isEmpty {
                current = manifest
                return ManifestBatch(items: items, ended: false)
            }
            do {
                if try manifest.readOn(until: stopSignal) { current = manifest }
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
                return try OpenManifest(path)
            } catch {
                unreadable.append("\(path.noun) could not be read: \(error)")
            }
        }
        return nil
    }
}
