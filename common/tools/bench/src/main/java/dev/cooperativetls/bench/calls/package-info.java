/** JMH benchmarks of single calls: a wait, and the reading of a body. */
package dev.cooperativetls.bench.calls;
