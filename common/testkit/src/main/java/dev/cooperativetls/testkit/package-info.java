/**
 * Socket contracts, scripted peers and certificates, for the tests of other modules. The contracts use the provider
 * under test only as a user does: through JSSE, its name on the class path and its system properties.
 */
package dev.cooperativetls.testkit;
