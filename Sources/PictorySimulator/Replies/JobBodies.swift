/// The bodies in which the API speaks of a job, field by field as they are documented.
enum JobBodies {
    static func inProgress(_ job: JobID, progress: Int?) -> Reply {
        var data: [(String, JSON)] = [("status", .string("in-progress"))]
        if let progress {
            data.append(("renderProgress", .integer(progress)))
        }
        return .json(200, about(job, success: true, data))
    }

    /// The answer for a job that is no longer in progress; `url` is where its file is.
    static func settled(_ job: JobID, _ plan: JobPlan, url: String) -> Reply {
        switch plan.outcome {
        case .completed(let completed): return self.completed(job, plan, completed, url: url)
        case .failed(let code, let message):
            let data: [(String, JSON)] = [
                ("status", .string("failed")), ("error_code", .string(code)), ("error_message", .string(message)),
            ]
            return .json(200, about(job, success: false, data))
        case .cleaned: return .json(200, about(job, success: true, [("status", .string("cleaned"))]))
        case .notFound(let shape): return notFound(job, shape)
        case .video:
            let data: [(String, JSON)] = [
                ("status", .string("completed")), ("url", .string(url)), ("duration", .string("8s")),
                ("lastFrameImageUrl", .string(url + ".last.png")), ("aiCreditsUsed", .number("40")),
            ]
            return .json(200, about(job, success: true, data))
        case .withoutURL:
            let data: [(String, JSON)] = [
                ("status", .string("completed")), ("aiCreditsUsed", .number(plan.creditsUsed)),
            ]
            return .json(200, about(job, success: true, data))
        case .storyboard:
            let data: [(String, JSON)] = [
                ("renderParams", .object([("output", .object([("name", .string("storyboard"))]))])),
                ("preview", .string("https://video.pictory.ai/v2/preview/\(job.text)")),
            ]
            return .json(200, about(job, success: true, data))
        case .unknownStatus: return .json(200, about(job, success: true, [("status", .string("archived"))]))
        case .legacyError:
            let error: [(String, JSON)] = [
                ("error_message", .string("Unable to process the request")), ("error_code", .integer(890)),
            ]
            return .json(200, .object([("success", .bool(false)), ("error", .object(error))]))
        case .notJSON:
            return .data(200, type: "application/json", Array("upstream connect error or disconnect\n".utf8))
        }
    }

    private static func completed(_ job: JobID, _ plan: JobPlan, _ completed: CompletedJob, url: String) -> Reply {
        let size = completed.declared ?? plan.picture.size
        let link =
            switch completed.link {
            case .picture: url
            case .elsewhere(let address): address
            }
        let data: [(String, JSON)] = [
            ("status", .string("completed")), ("url", .string(link)), ("width", .integer(size.width)),
            ("height", .integer(size.height)), ("aiCreditsUsed", .number(plan.creditsUsed)),
        ]
        switch completed.echo {
        case .own: return .json(200, about(job, success: true, data))
        case .none: return .json(200, .object([("success", .bool(true)), ("data", .object(data))]))
        case .other:
            return .json(200, about(JobID(high: job.high, low: job.low ^ 0x5A), success: true, data))
        }
    }

    private static func notFound(_ job: JobID, _ shape: NotFoundShape) -> Reply {
        let error: [(String, JSON)] = [
            ("error_code", .string("5000")), ("error_message", .string("JOB_NOT_FOUND")),
        ]
        let topLevel = JSON.object([("success", .bool(false))] + error)
        switch shape {
        case .http404: return .json(404, .object([("message", .string("Not Found"))]))
        case .http404WithCode: return .json(404, topLevel)
        case .inData200: return .json(200, about(job, success: false, error))
        case .topLevel200: return .json(200, topLevel)
        case .inData500: return .json(500, about(job, success: false, error))
        case .topLevel500: return .json(500, topLevel)
        case .inError500:
            return .json(500, .object([("success", .bool(false)), ("error", .object(error))]))
        }
    }

    private static func about(_ job: JobID, success: Bool, _ data: [(String, JSON)]) -> JSON {
        .object([("job_id", .string(job.text)), ("success", .bool(success)), ("data", .object(data))])
    }
}
