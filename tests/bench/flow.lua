-- wrk's part of the contest: each participant starts an attempt and hands its paper in.
--   wrk -t1 -c256 -d6 -s flow.lua URL -- CAMPAIGN TOKENS ANSWERS
-- wrk does not say on which connection a reply came, so hand-ins wait in one queue, and whom
-- a ticket is for is read out of the ticket itself (auth/ticket.h: person comes first behind
-- the 16 bytes of the key's name, so that its lower 48 bits are characters 25 to 32).
-- Line n of TOKENS is that of person n.  A participant begins where the last run left off.
local tokens, answers, campaign = {}, {}, nil
local queue, head, tail = {}, 1, 0
local format, random = string.format, math.random
local people, nobody = 0, 0
handed_in, failed = 0, 0

local value = {}
for i, c in ipairs({ string.byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 1, 64) }) do
  value[c] = i - 1
end

local function person_of(ticket)
  local person = 0
  for i = 25, 32 do person = person * 64 + value[ticket:byte(i)] end
  return person
end

local threads = {}
function setup(thread) threads[#threads + 1] = thread end

function init(arguments)
  campaign = arguments[1]
  for line in io.lines(arguments[2]) do tokens[#tokens + 1] = line end
  for line in io.lines(arguments[3]) do answers[#answers + 1] = line end
  math.randomseed(os.time())
  people, nobody = #tokens, random(#tokens)
end

local function hand_in(started)
  local body = '{"ticket":"' .. started.ticket .. '","answers":' .. answers[random(#answers)] .. "}"
  return "POST /v1/campaigns/" .. campaign .. "/attempts/" .. started.ordinal
    .. "/submission HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " .. tokens[started.person]
    .. "\r\nContent-Type: application/json\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
end

function request()
  if head <= tail then
    local started = queue[head]
    queue[head] = nil
    head = head + 1
    return hand_in(started)
  end
  nobody = nobody % people + 1
  return "POST /v1/campaigns/" .. campaign .. "/attempts HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
    .. tokens[nobody] .. "\r\nContent-Length: 0\r\n\r\n"
end

function response(status, headers, body)
  if status > 201 then
    failed = failed + 1
    if failed < 4 then io.stderr:write(status, " ", body:sub(1, 300), "\n") end
    return
  end
  local ordinal, ticket = body:match('"ordinal":(%d+).-"ticket":"([^"]+)"')
  if not ticket then
    handed_in = handed_in + 1
    return
  end
  tail = tail + 1
  queue[tail] = { ordinal = ordinal, ticket = ticket, person = person_of(ticket) }
end

function done(summary)
  local sum, bad = 0, 0
  for _, thread in ipairs(threads) do
    sum = sum + thread:get("handed_in")
    bad = bad + thread:get("failed")
  end
  print(format("handed_in %d failed %d", sum, bad))
end
