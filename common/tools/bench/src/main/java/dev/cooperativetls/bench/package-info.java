/**
 * How near N waits come to one: the time and memory that pages take beside their wait, for the stages and for two that
 * were never slow.
 */
package dev.cooperativetls.bench;
