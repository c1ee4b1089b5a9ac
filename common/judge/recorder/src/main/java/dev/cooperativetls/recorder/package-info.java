/** Reads a flight recording and finds what blocked the carrier threads, how, and for how long. */
package dev.cooperativetls.recorder;
