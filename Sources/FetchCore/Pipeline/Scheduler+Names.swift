/// Who may have an image name that several jobs want.
extension Scheduler {
    /// Has an image downloaded whose url is in hand, unless another job has its name, or may come to have it.
    mutating func claimName(for key: Key, at now: Duration) {
        let job = jobs.job(key)
        guard let name = job.entry.imageName, let answer = names?.claim(name, for: job.id, key: key) else {
            startDownload(of: key)
            return
        }
        switch answer {
        case .granted: startDownload(of: key)
        case .waiting: break
        case .taken(let owner): end(key, .failed(.nameTaken(name, by: owner)), at: now)
        }
    }

    /// Where a job's image goes.
    func place(of job: Job) -> ImagePlace {
        guard let name = job.entry.imageName, let names else {
            return ImagePlace(name: job.entry.imageName, existing: .replaced)
        }
        return ImagePlace(name: name, existing: .kept(unless: names.recordedImage(named: name, of: job.id)))
    }

    /// Settles, once a job's record is written, what becomes of the jobs that waited for its name.
    mutating func settleName(of record: JobRecord, at now: Duration) {
        guard names != nil, let name = record.entry.imageName, let id = record.jobID else { return }
        switch record.outcome {
        case .downloaded:
            for key in names?.keep(name, by: id) ?? [] {
                end(key, .failed(.nameTaken(name, by: id)), at: now)
            }
        case .pending, .failed:
            if let next = names?.release(name, by: id) { startDownload(of: next) }
        // The line is no job of its own, and what it names may still be on its way.
        case .invalid, .duplicate: break
        }
    }

    private mutating func startDownload(of key: Key) {
        guard case .promised(let promise) = jobs.job(key).image else {
            preconditionFailure("a job asks for its image's name once it has the url")
        }
        imageHosts.append(key, to: promise.host)
    }
}

extension JobFailure {
    /// Another job has the name.
    fileprivate static func nameTaken(_ name: ImageName, by owner: JobID) -> JobFailure {
        JobFailure(
            .nameTaken, at: .store, "The name \(name.shown) is that of the image of job \(owner).")
    }
}
