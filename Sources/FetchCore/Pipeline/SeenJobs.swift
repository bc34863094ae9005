import OrderedCollections

/// The ids that were read in this run, with the line that named each first.
struct SeenJobs {
    /// Ordered not for the order, but because it takes 30 bytes an id where a dictionary takes 50.
    private var places: OrderedDictionary<JobID, Place> = [:]
    private var manifests: [String] = []
    /// Non-blank lines read, jobs or not.
    var lines = 0

    /// Where an id was first read; 8 bytes, for there may be a million.
    private struct Place {
        let manifest: UInt32
        let line: UInt32
    }

    /// Notes the id, or returns the manifest and line that named it before.
    mutating func insert(_ id: JobID, _ entry: ManifestEntry) -> (manifest: String, line: Int)? {
        if let place = places[id] {
            return (manifests[Int(place.manifest)], Int(place.line))
        }
        if manifests.last != entry.manifest {
            manifests.append(entry.manifest)
        }
        places[id] = Place(manifest: UInt32(clamping: manifests.count - 1), line: UInt32(clamping: entry.line))
        return nil
    }
}
