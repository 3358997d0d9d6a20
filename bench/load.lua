-- What wrk sends and prints. Arguments: a file with a request body a line, and a number below which no request is
-- numbered; without it the bodies are sent as they are.
local requests, bodies, number, index = {}, {}, nil, 0

function init(args)
  for body in io.lines(args[1]) do
    bodies[#bodies + 1] = body
    requests[#requests + 1] = wrk.format("POST", nil, { ["content-type"] = "application/json" }, body)
  end
  number = tonumber(args[2])
end

function request()
  index = index % #bodies + 1
  if not number then return requests[index] end
  number = number + 1
  local body = string.format('{"extensions":{"n":%d},', number) .. bodies[index]:sub(2)
  return wrk.format("POST", nil, { ["content-type"] = "application/json" }, body)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"microseconds":%d,"bytes":%d,"failures":%d,"p50":%d,"p99":%d}\n',
    summary.requests, summary.duration, summary.bytes,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
