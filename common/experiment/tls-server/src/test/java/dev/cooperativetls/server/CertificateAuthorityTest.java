package dev.cooperativetls.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CertificateAuthorityTest {

    private static final char[] PASSWORD = "in memory".toCharArray();
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;
    private static final int DNS = 2;
    private static final int IP = 7;

    private final CertificateAuthority authority;
    private final KeyStore store;
    private final X509Certificate leaf;

    CertificateAuthorityTest() throws Exception {
        authority = new CertificateAuthority();
        store = authority.newServerKeyStore(PASSWORD);
        leaf = (X509Certificate) store.getCertificate("server");
    }

    @Test
    void the_chain_is_valid_under_the_ca() throws Exception {
        var parameters = new PKIXParameters(Set.of(new TrustAnchor(authority.certificate(), null)));
        parameters.setRevocationEnabled(false);
        var path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(leaf));

        CertPathValidator.getInstance("PKIX").validate(path, parameters);

        assertThat(store.getCertificateChain("server")).containsExactly(leaf, authority.certificate());
        assertThat(store.getKey("server", PASSWORD)).isNotNull();
    }

    @Test
    void the_certificate_is_for_localhost_by_name_and_by_both_addresses() throws Exception {
        assertThat(leaf.getSubjectAlternativeNames()).containsExactlyInAnyOrder(
                List.of(DNS, "localhost"), List.of(IP, "127.0.0.1"), List.of(IP, "0:0:0:0:0:0:0:1"));
    }

    @Test
    void each_certificate_allows_its_own_use_only() throws Exception {
        assertThat(leaf.getBasicConstraints()).isNegative();
        assertThat(leaf.getKeyUsage()).isEqualTo(usage(DIGITAL_SIGNATURE));
        assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(authority.certificate().getBasicConstraints()).isZero();
        assertThat(authority.certificate().getKeyUsage()).isEqualTo(usage(KEY_CERT_SIGN, CRL_SIGN));
    }

    @Test
    void both_certificates_have_p_256_keys_and_are_valid_for_a_week_from_yesterday() {
        for (X509Certificate certificate : List.of(leaf, authority.certificate())) {
            assertThat(((ECPublicKey) certificate.getPublicKey()).getParams().getOrder().bitLength()).isEqualTo(256);
            assertThat(certificate.getNotBefore()).isBefore(Instant.now().minus(Duration.ofHours(23)));
            assertThat(certificate.getNotAfter())
                    .isBetween(Instant.now().plus(Duration.ofDays(6)), Instant.now().plus(Duration.ofDays(8)));
        }
    }

    @Test
    void the_pem_text_is_the_ca_and_nothing_else() throws Exception {
        var certificates = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(authority.pem().getBytes(US_ASCII)));

        assertThat(certificates).hasSize(1).first().isEqualTo(authority.certificate());
        assertThat(authority.pem()).doesNotContain("PRIVATE");
    }

    @Test
    void every_ca_has_new_keys() throws Exception {
        assertThat(new CertificateAuthority().certificate().getPublicKey())
                .isNotEqualTo(authority.certificate().getPublicKey());
    }

    @Test
    void bouncy_castle_is_not_installed() {
        assertThat(Arrays.stream(Security.getProviders()).map(provider -> provider.getName())).doesNotContain("BC");
    }

    private static boolean[] usage(int... bits) {
        var usage = new boolean[9];
        for (int bit : bits) {
            usage[bit] = true;
        }
        return usage;
    }
}
