package remedy

// These are for tests.
var (
	Exchange        = exchange
	ExchangeInSteps = exchangeInSteps
)
