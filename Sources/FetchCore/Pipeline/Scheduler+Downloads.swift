/// What the outcome of a download means for its job.
extension Scheduler {
    /// A proven image ends its job, unless it is irregular and came so for the first time.
    mutating func finishDownload(
        of key: Key, _ image: ProvenImage, in part: any PartFile, took time: Duration, at now: Duration,
        jitter: () -> Double
    ) {
        let promise = promise(of: key)
        imageHosts[promise.host].origin.answered(key, at: now)
        if let irregularity = image.irregularity, promise.oddImage != .irregular(image.sha256) {
            commands.append(.discard(part))
            doubt(image, irregularity, promise, of: key, at: now, jitter: jitter)
            return
        }
        let declared = promise.declared
        jobs.update(key) { job in
            if declared.width ?? image.width != image.width || declared.height ?? image.height != image.height {
                job.note(.dimensionMismatch)
            }
            if image.irregularity != nil { job.note(.irregularPNG) }
        }
        end(
            key, .downloaded(image, url: declared.urlWithoutQuery), part: part, downloadTime: time, at: now)
    }

    mutating func failDownload(of key: Key, _ failure: JobFailure, at now: Duration, jitter: () -> Double) {
        let promise = promise(of: key)
        if failure.code == .urlRejected, failure.httpStatus == nil {
            // The url was refused before anything was sent: no request was made.
            jobs.update(key) { $0.downloads -= 1 }
        }
        noteFault(failure, of: .download(from: promise.host), key: key, at: now, jitter: jitter)
        if case .otherImage(let sha256, _) = failure.cause {
            var failure = failure
            // Whether the same image of another kind came at the last download too.
            failure.cause = .otherImage(sha256: sha256, confirmed: promise.oddImage == .otherKind(sha256))
            take(failure, promise.with(.otherKind(sha256)), of: key, at: now, jitter: jitter)
        } else {
            take(failure, promise, of: key, at: now, jitter: jitter)
        }
        if failure.stopsRun {
            begin(.storage(failure), at: now)
        }
    }

    /// The promise of the image that was on the wire.
    private func promise(of key: Key) -> Job.Promise {
        guard case .promised(let promise) = jobs.job(key).image else {
            preconditionFailure("a download without an image")
        }
        return promise
    }

    /// What becomes of a job whose download has failed.
    private mutating func take(
        _ failure: JobFailure, _ promise: Job.Promise, of key: Key, at now: Duration, jitter: () -> Double
    ) {
        let step = Step.download(from: promise.host)
        jobs.update(key) { $0.image = .promised(promise) }
        switch failure.remedy {
        case .askAgain where allowsDownloads:
            wait(key, until: askedAgain(step, at: now), for: step)
        case .retry where allowsDownloads:
            retry(key, after: failure, for: step, at: now, jitter: jitter)
        case .freshURL where stop == nil && promise.source != .freshPoll:
            askForFreshURL(key, promise, failure, at: now)
        case .retry, .askAgain, .stop:
            end(key, stop?.outcome() ?? .pending(failure), at: now)
        case .freshURL, .giveUp:
            giveUp(key, failure, at: now)
        }
    }

    /// Ends a job whose step cannot succeed in this run.
    ///
    /// A url that only the job's manifest line has given is no word of the API: whatever is wrong with it, the API is
    /// asked before the failure is recorded. Otherwise the next run would go by the same url.
    mutating func giveUp(_ key: Key, _ failure: JobFailure, at now: Duration) {
        if stop == nil, failure.stage == .download, case .promised(let promise) = jobs.job(key).image,
            promise.source == .line
        {
            askForFreshURL(key, promise, failure, at: now)
        } else {
            end(key, .failed(failure), at: now)
        }
    }

    private mutating func askForFreshURL(
        _ key: Key, _ promise: Job.Promise, _ failure: JobFailure, at now: Duration
    ) {
        jobs.update(key) { job in
            job.image = .needsFreshURL(promise, failure)
            job.faults = 0
        }
        commands.append(.tell(.askingForFreshURL(jobs.id(of: key), failure)))
        wait(key, until: now, for: .poll)
    }

    /// An image that breaks a rule which decoders forgive is downloaded a second time: what comes twice the same is
    /// how the API made it, and no damage of the way.
    private mutating func doubt(
        _ image: ProvenImage, _ irregularity: String, _ promise: Job.Promise, of key: Key, at now: Duration,
        jitter: () -> Double
    ) {
        let failure = JobFailure(.corruptPNG, at: .download, irregularity)
        let doubted = promise.with(.irregular(image.sha256))
        if case .irregular = promise.oddImage {
            take(failure, doubted, of: key, at: now, jitter: jitter)
        } else if let stop, !allowsDownloads {
            end(key, stop.outcome(), at: now)
        } else {
            jobs.update(key) { $0.image = .promised(doubted) }
            commands.append(.tell(.askingForTheImageAgain(jobs.id(of: key), failure)))
            wait(key, until: now, for: .download(from: promise.host))
        }
    }
}

extension Job.Promise {
    /// The same promise after a download that brought this.
    fileprivate func with(_ oddImage: Job.OddImage) -> Job.Promise {
        Job.Promise(declared: declared, host: host, source: source, oddImage: oddImage)
    }
}
