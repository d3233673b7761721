package advisory

// The victims, by the first argument of their process.
const (
	VictimEcho       = "echo"
	VictimHTTP       = "http"
	VictimEchoClient = "echo-client"
	VictimHTTPClient = "http-client"
)

// Scenarios are all scenarios, in the order of matrix.yaml.
var Scenarios = []Scenario{
	{Name: "control", victim: []string{VictimEcho}, attack: control, honest: useEcho},
	{Name: "planted", victim: []string{VictimEcho}, attack: planted, honest: useEcho, own: true},
	{Name: "ack-behind-finished", victim: []string{VictimEcho}, attack: ackBehindFinished, honest: useEcho},
	{Name: "path-challenges", victim: []string{VictimEcho}, attack: challenges().atServer, honest: useEcho},
	{Name: "path-challenges-client", victim: []string{VictimEchoClient}, server: challenges().atClient},
	{Name: "retired-ids", victim: []string{VictimEcho}, attack: newIDs().atServer, honest: useEcho},
	{Name: "retired-ids-client", victim: []string{VictimEchoClient}, server: newIDs().atClient},
	{Name: "icmp", victim: []string{VictimEcho}, attack: believeICMP, honest: useEcho},
	{Name: "lost-probe", victim: []string{VictimEcho}, attack: loseProbe, honest: useEcho},
	{Name: "early-done", victim: []string{VictimEchoClient}, server: confirmEarly},
	{Name: "request-headers", victim: []string{VictimHTTP}, attack: largeHeaders, honest: useHTTP},
	{Name: "response-headers", victim: []string{VictimHTTPClient}, server: largeResponseHeaders},
	{Name: "request-trailers", victim: []string{VictimHTTP}, attack: largeTrailers, honest: useHTTP},
	{Name: "response-trailers", victim: []string{VictimHTTPClient}, server: largeResponseTrailers},
}
