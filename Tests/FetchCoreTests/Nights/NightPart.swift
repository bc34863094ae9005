import Synchronization

@testable import FetchCore

/// A part file on the simulated disk. As a real one, it is gone when its owner lets go of it unpublished.
final class NightPart: PartFile {
    private struct State {
        var received: [UInt8] = []
        var file: Int?
        var hasEnded = false
    }

    private let id: JobID
    private let world: NightWorld
    private let state = Mutex(State())

    init(of id: JobID, in world: NightWorld) {
        self.id = id
        self.world = world
    }

    deinit {
        discard()
    }

    static let prefix = ".part-"

    private var finalName: String { "\(id).png" }
    private func partName(_ file: Int) -> String { "\(Self.prefix)\(id)-\(file)" }

    func write(_ bytes: RawSpan) throws(JobFailure) {
        let piece = bytes.withUnsafeBytes { Array($0) }
        try state.withLock { (state) throws(JobFailure) in
            state.received += piece
            guard state.received.first ?? NightImage.firstByte == NightImage.firstByte else {
                throw JobFailure(.notPNG, at: .download, "not an image")
            }
            guard !piece.isEmpty else { return }
            let file: Int
            if let opened = state.file {
                file = opened
            } else {
                file = try world.create(named: partName)
                state.file = file
            }
            try world.write(piece, to: file)
        }
    }

    func prove() throws(JobFailure) -> ProvenImage {
        let received = state.withLock(\.received)
        guard NightImage.isWhole(received) else {
            throw JobFailure(received.count < 20 ? .truncated : .corruptPNG, at: .download, "no sound image")
        }
        return ProvenImage(
            path: "images/\(finalName)", bytes: received.count, width: 64, height: 64,
            sha256: NightImage.digest(of: received),
            irregularity: NightImage.isIrregular(id.sampleNumber) ? "odd" : nil)
    }

    func sync() throws(JobFailure) {
        guard let file = state.withLock(\.file) else { return }
        try world.sync(file)
    }

    func publish() throws(JobFailure) {
        try state.withLock { (state) throws(JobFailure) in
            guard let file = state.file else { preconditionFailure("nothing was written") }
            try world.rename(partName(file), to: finalName)
            state.hasEnded = true
        }
    }

    func discard() {
        state.withLock { state in
            if let file = state.file, !state.hasEnded { world.remove(partName(file)) }
            state.hasEnded = true
        }
    }
}

/// What a part file does to the disk.
extension NightWorld {
    fileprivate func create(named name: (Int) -> String) throws(JobFailure) -> Int {
        try state.withLock { (state) throws(JobFailure) in
            let name = name(state.disk.files.count)
            try state.touch("create \(name)")
            return state.disk.create(name)
        }
    }

    fileprivate func write(_ bytes: [UInt8], to file: Int) throws(JobFailure) {
        try state.withLock { (state) throws(JobFailure) in
            try state.touch("write \(bytes.count) bytes to file \(file)")
            guard state.disk.write(bytes, to: file) else {
                state.log { "  no room" }
                throw JobFailure(.diskFull, at: .store, "no room", stopsRun: true)
            }
        }
    }

    fileprivate func sync(_ file: Int) throws(JobFailure) {
        try state.withLock { (state) throws(JobFailure) in
            guard state.isDurable else { return }
            if state.disk.files[file].isSpoilt { state.broken.append("file \(file) is synced again after that failed") }
            do throws(JobFailure) {
                try state.touch("sync file \(file)")
                state.disk.sync(file)
            } catch {
                let isReadable = state.random.chance(0.5)
                state.disk.spoil(file, readable: isReadable)
                throw error
            }
        }
    }

    fileprivate func rename(_ name: String, to other: String) throws(JobFailure) {
        try state.withLock { (state) throws(JobFailure) in
            try state.touch("rename to \(other)")
            state.disk.rename(name, to: other)
        }
    }

    fileprivate func remove(_ name: String) {
        state.withLock { state in
            if !state.crashes(at: "remove \(name)") { state.disk.remove(name) }
        }
    }
}
