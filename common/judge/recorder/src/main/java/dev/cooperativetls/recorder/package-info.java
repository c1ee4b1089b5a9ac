/** What the JDK's Flight Recorder tells of a run: which calls took how long, in what order, and who held the carriers. */
package dev.cooperativetls.recorder;
