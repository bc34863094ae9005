/// What the outcome of a download means for its job.
extension Scheduler {
    mutating func finishDownload(
        of key: Key, _ result: Result<ReceivedImage, JobFailure>, at now: Duration, jitter: () -> Double
    ) {
        switch result {
        case .success(let received):
            if let host = jobs.job(key).host { imageHosts[host].origin.answered(key, at: now) }
            let image = received.image
            if let irregularity = image.irregularity, jobs.job(key).oddImage != .irregular(image.sha256) {
                commands.append(.discard(received.part))
                doubt(image, irregularity, of: key, at: now, jitter: jitter)
                return
            }
            jobs.update(key) { job in
                let declared = job.image
                if declared?.width ?? image.width != image.width || declared?.height ?? image.height != image.height {
                    job.note(.dimensionMismatch)
                }
                if image.irregularity != nil { job.note(.irregularPNG) }
            }
            end(key, .downloaded(image), part: received.part, at: now)
        case .failure(let failure):
            if failure.code == .urlRejected, failure.httpStatus == nil {
                // The url was refused before anything was sent: no request was made.
                jobs.update(key) { $0.downloads -= 1 }
            }
            noteFault(failure, of: .download, key: key, at: now, jitter: jitter)
            take(confirmed(failure, of: key), of: key, at: now, jitter: jitter)
            if failure.stopsRun {
                begin(.storage(failure), at: now)
            }
        }
    }

    /// What becomes of a job whose download has failed.
    private mutating func take(_ failure: JobFailure, of key: Key, at now: Duration, jitter: () -> Double) {
        switch (failure.remedy, jobs.job(key).freshURL) {
        case (.askAgain, _) where !downloadsEnded:
            wait(key, until: askedAgain(.download, key: key, at: now), for: .download)
        case (.retry, _) where !downloadsEnded:
            retry(key, after: failure, for: .download, at: now, jitter: jitter)
        case (.freshURL, .notAsked) where stop == nil:
            let job = jobs.update(key) { job in
                job.freshURL = .asked(failure)
                job.faults = 0
            }
            commands.append(.tell(.askingForFreshURL(job.id, failure)))
            wait(key, until: now, for: .poll)
        case (.retry, _), (.askAgain, _), (.stop, _):
            end(key, stop?.outcome() ?? .pending(failure), at: now)
        default:
            end(key, .failed(failure), at: now)
        }
    }

    /// An image that breaks a rule which decoders forgive is downloaded a second time: what comes twice the same is
    /// how the API made it, and no damage of the way.
    private mutating func doubt(
        _ image: ProvenImage, _ irregularity: String, of key: Key, at now: Duration, jitter: () -> Double
    ) {
        let failure = JobFailure(.corruptPNG, at: .download, irregularity)
        let job = jobs.job(key)
        jobs.update(key) { $0.oddImage = .irregular(image.sha256) }
        if case .irregular = job.oddImage {
            take(failure, of: key, at: now, jitter: jitter)
        } else if let stop, downloadsEnded {
            end(key, stop.outcome(), at: now)
        } else {
            commands.append(.tell(.askingForTheImageAgain(job.id, failure)))
            wait(key, until: now, for: .download)
        }
    }

    /// The failure, which knows then whether the same image of another kind came at the last download too.
    private mutating func confirmed(_ failure: JobFailure, of key: Key) -> JobFailure {
        guard case .otherImage(let sha256, _) = failure.cause else { return failure }
        var failure = failure
        failure.cause = .otherImage(sha256: sha256, confirmed: jobs.job(key).oddImage == .otherKind(sha256))
        jobs.update(key) { $0.oddImage = .otherKind(sha256) }
        return failure
    }
}
