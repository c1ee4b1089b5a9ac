/**
 * The judge: observes a program that fetches pages, decides whether its waits overlapped or came one after another, and
 * names what blocked the carrier. It depends on no stage, no provider and no HTTP client.
 */
package dev.cooperativetls.verdict;
