-- What wrk sends and prints. Arguments: a file with one request body per line, and a number. NUMBER in a body is replaced
-- by the next higher number each time.
local requests, parts, number, index = {}, {}, nil, 0

local function post(body)
  return wrk.format("POST", nil, { ["content-type"] = "application/json" }, body)
end

function init(args)
  number = tonumber(args[2])
  for body in io.lines(args[1]) do
    requests[#requests + 1] = post(body)
    local split = {}
    for part in (body .. "NUMBER"):gmatch("(.-)NUMBER") do split[#split + 1] = part end
    parts[#parts + 1] = split
  end
end

function request()
  index = index % #requests + 1
  if #parts[index] == 1 then return requests[index] end
  number = number + 1
  return post(table.concat(parts[index], string.format("%d", number)))
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"microseconds":%d,"bytes":%d,"failures":%d,"p50":%d,"p99":%d}\n',
    summary.requests, summary.duration, summary.bytes,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
