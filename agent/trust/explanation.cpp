#include "trust/explanation.hpp"

#include <array>
#include <cstddef>

namespace certpivot::trust {
namespace {

struct Explained {
  Reason reason;
  std::string_view text;
};

// In the order of the enumeration.
constexpr std::array explanations{
    Explained{
        Reason::unreadable,
        "A file of the source could not be read: it is missing, closed to the daemon's user, or "
        "on a mount that does not answer. Nothing can be judged or published from half a source, "
        "so what is in force stays. certpivot waits source.grace for a writer that is not done "
        "before it refuses. Bring the file, let the daemon's user read it and pass through every "
        "directory above it, or correct source.directory, source.certificate and source.key."},
    Explained{
        Reason::not_regular,
        "A name of the source is no regular file, but a directory, a device, a pipe or a socket. "
        "Reading one could block for ever or return something else each time, and servers would "
        "not take it either. Put a file there, or a link that ends in one. source.certificate, "
        "source.key, source.bundle, source.ca and source.crl say which names are read."},
    Explained{
        Reason::too_large,
        "A file of the source is larger than anything of its kind: 1 MiB for any file, 40 "
        "certificates or 100 KiB for a chain, which is what OpenSSL's peers accept, 500 for a CA "
        "bundle, 16 KiB for a key, 256 KiB for a PKCS#12; or its encryption asks for more than "
        "some 150,000 iterations of PBKDF2 or 16 MiB of scrypt. A wrong or hostile file must not "
        "fill the memory or the time of a daemon that watches many. Look for the file that was "
        "meant, or seal the key again with fewer iterations. No key of the configuration lifts "
        "the limits."},
    Explained{
        Reason::malformed_certificate,
        "The certificate file, or the CA bundle, holds no certificate, one that cannot be "
        "decoded (X.509 as in RFC 5280 section 4.1, PEM as in RFC 7468), a second leaf, or a "
        "private key that does not belong there. A server would fail to load it, serve the wrong "
        "leaf, or a key would be published for all to read. A half-written file looks the same, "
        "so certpivot waits source.grace for the rest. Write leaf and intermediates into "
        "source.certificate and nothing else; one file with key and chain is named by "
        "source.bundle."},
    Explained{
        Reason::malformed_key,
        "The key file holds no private key, more than one, or one that cannot be decoded "
        "(PKCS#8, RFC 5958; PKCS#1, RFC 8017; SEC1, RFC 5915). A server that is told to load it "
        "fails to start or to reload. A half-written file looks the same, so certpivot waits "
        "source.grace for the rest. Write exactly one private key into source.key; an encrypted "
        "one needs source.passphrase_file."},
    Explained{
        Reason::wrong_passphrase,
        "The private key or the PKCS#12 file is encrypted, and no passphrase is configured or "
        "the one that is does not open it. Without the key the certificate cannot be proved to "
        "anybody, and nothing is published that the server could not load. Put the passphrase "
        "into the file that source.passphrase_file names, on its first line, or have the key "
        "written without encryption."},
    Explained{
        Reason::key_mismatch,
        "The private key does not belong to the leaf: its public half is not the key in the "
        "certificate. A TLS server signs each handshake with that key (RFC 8446 section 4.4.3), "
        "so every peer would fail, and most servers refuse to load such a pair. It is what a "
        "renewal looks like between its two writes, so certpivot waits source.grace for the "
        "other file. Write certificate and key of one issuance; where a file holds several "
        "certificates, the leaf is the one that fits the key."},
    Explained{
        Reason::untrusted,
        "The chain does not lead to an anchor as RFC 5280 section 6 has it: it ends in another "
        "CA, a signature is wrong, an issuer is no authority or may not sign, a path length or a "
        "name constraint is broken, an extension is critical and unknown, or a form that RFC "
        "5280 asks for is missing. Peers that trust the same anchors reject the handshake with "
        "unknown_ca or bad_certificate. Have the certificate issued by a CA below an anchor, or "
        "name that CA's certificate by trust.anchors, where each certificate counts as an "
        "anchor, self-signed or not. What only strict checking finds is told by a word, and "
        "trust.relax takes that word to make it a warning."},
    Explained{
        Reason::incomplete_chain,
        "The certificate of an issuer between the leaf and the anchor is missing. A TLS server "
        "must send every certificate up to the anchor (RFC 8446 section 4.4.2), and a peer that "
        "has only the anchor cannot build the path (RFC 5280 section 6.1), though a browser may "
        "have the missing one cached and hide the fault. certpivot waits source.grace for a "
        "writer that is not done. Append the issuer's certificate to the file behind the leaf, "
        "or trust the issuer itself by trust.anchors."},
    Explained{
        Reason::expired,
        "The leaf, or a certificate above it, is past its notAfter (RFC 5280 section 4.1.2.5). "
        "Every peer rejects it from that second on. Renew the leaf, or get the chain anew where "
        "the CA's certificate has expired. An expired certificate in force never keeps a newer "
        "one out; trust.min_remaining refuses one that is about to expire, and the section "
        "[expiry] warns before that."},
    Explained{
        Reason::not_yet_valid,
        "The leaf, or a certificate above it, begins in the future: its notBefore (RFC 5280 "
        "section 4.1.2.5) is later than this host's clock. Peers whose clock is right would "
        "reject it until then. Check the clock of this host and of the CA, or wait. With "
        "trust.skew such a pair is accepted while it begins within that time, and goes live when "
        "it is due."},
    Explained{
        Reason::min_remaining,
        "The leaf is valid for less time than trust.min_remaining asks for, a duration or a "
        "share of its whole lifetime. Peers would still accept it, but it would have to be "
        "replaced almost at once, and a source that brings such a certificate is often one whose "
        "renewal has stopped. Renew it, or lower trust.min_remaining."},
    Explained{
        Reason::wrong_purpose,
        "The leaf may not be used for what trust.purpose says. Its extended key usage, or that "
        "of a CA above it, leaves the role out (RFC 5280 section 4.2.1.12), or its key usage "
        "lacks digitalSignature, with which TLS signs (RFC 8446 section 4.4.2.2); for a SPIFFE "
        "ID it is a CA, or may sign certificates or CRLs. OpenSSL, browsers and Go's crypto/tls "
        "reject such a peer with unsupported_certificate or bad_certificate. Have it issued with "
        "serverAuth, clientAuth or both, and with digitalSignature, or set trust.purpose to what "
        "it is for, or to any."},
    Explained{
        Reason::name_missing,
        "A name of trust.names is not in the leaf's subjectAltName, compared as RFC 9525 section "
        "6.3 has it: a wildcard stands for one whole leftmost label with at least two behind it, "
        "addresses are compared as such, and the common name never counts. A client that asks "
        "for that name rejects the handshake. For a name that begins with spiffe:// the leaf "
        "must hold exactly that one URI (SPIFFE X509-SVID section 2). Have the certificate "
        "issued with the name, or take it out of trust.names."},
    Explained{
        Reason::weak_key,
        "The key of the leaf, or of a CA on its path, is smaller than trust.min_rsa_bits or "
        "trust.min_ec_bits, of a kind that TLS has no signatures for or, the leaf's, on a curve "
        "other than P-256, P-384 and P-521 (RFC 8446 section 4.2.3), or below 112 bits of "
        "strength, which NIST SP 800-57 part 1 no longer allows. Servers and clients by OpenSSL "
        "at security level 2, Debian's default, refuse it: the reload or the handshake fails. "
        "Have the certificate issued for RSA of 2048 bits or more, P-256 or Ed25519. The two "
        "keys of the configuration cannot go below what level 2 asks for, and for trust.purpose "
        "any a curve is a warning."},
    Explained{
        Reason::weak_signature,
        "The leaf, or a CA on its path below the anchor, is signed with SHA-1 or MD5, of which "
        "collisions can be made: with one, somebody else could hold a certificate with the same "
        "signature (RFC 6194, RFC 6151; RFC 9155 for TLS). OpenSSL at security level 2, browsers "
        "and Go reject it. The signature of the anchor itself is not looked at, because it is "
        "trusted by configuration (RFC 5280 section 6.1). Have the certificate issued with "
        "SHA-256; no key of the configuration lifts the rule."},
    Explained{
        Reason::revoked,
        "The CA has revoked the leaf or a certificate above it, by an entry in its CRL (RFC 5280 "
        "section 5) or in the answer of its OCSP responder (RFC 6960). Peers that check reject "
        "it, and the reason may be that the key has leaked. Have a new certificate issued for a "
        "new key. trust.revocation says what is asked, and a revoked certificate in force never "
        "keeps another out."},
    Explained{
        Reason::crl_unavailable,
        "The source's CRL or a file of trust.crl_files is missing, cannot be read, or holds "
        "something else than complete CRLs (RFC 5280 section 5); or one in the source is signed by "
        "another key than its issuer's; or trust.revocation is crl, and "
        "for a certificate below the anchor there is none that can be relied on: none of its "
        "issuer is at hand, its signature is wrong, or it is of another scope (sections 5.2.5 "
        "and 6.3). The source's CRL is published, and so it is judged whatever trust.revocation "
        "says. Servers that check CRLs fail to load a broken one, and reject every certificate "
        "of an issuer that they have no CRL of. Bring the issuer's full CRL, no delta, by "
        "source.crl or trust.crl_files, one for each CA on the path."},
    Explained{
        Reason::crl_expired,
        "The CRL of an issuer is past its nextUpdate (RFC 5280 section 5.1.2.5): the CA has "
        "promised a newer one by then, and what has been revoked since is not in it. nginx, "
        "HAProxy and PostgreSQL reject every certificate of that issuer once the CRL that they "
        "were given has expired, and so the newest of each issuer in source.crl, which is "
        "published, is judged whatever trust.revocation says; those of trust.crl_files where it is "
        "crl. What is in force already hinders no new pair then. Fetch the "
        "CA's present CRL, and see to it that this happens before each nextUpdate. Where the CA "
        "issues none any more, take source.crl out of the configuration."},
    Explained{
        Reason::ocsp_failed,
        "trust.revocation is ocsp, and the responder gave no answer that can be relied on (RFC "
        "6960): not reachable within trust.ocsp_timeout, not signed by the issuer or one whom it "
        "has delegated, for another certificate, of another nonce, or no longer fresh. Whether "
        "the certificate is revoked is then not known. Check that this host reaches the "
        "responder that the certificate names, or name another by trust.ocsp_url. With "
        "trust.ocsp_mode set to soft it is a warning."},
    Explained{
        Reason::older_than_current,
        "The leaf, or a CRL of the source, was issued before the one in force: its notBefore or "
        "thisUpdate is earlier. That is what a restored backup, a stale mount or a second writer "
        "looks like, and it would bring back a certificate that was replaced, perhaps for a "
        "reason, or let in again who was revoked since. Bring a newer one. "
        "trust.allow_older makes it a warning, as it is where the one in force has expired or is "
        "revoked."},
    Explained{
        Reason::ca_without_overlap,
        "The new CA bundle shares no anchor with the one in force. Peers still present "
        "certificates of the old CA, and would all be rejected at once; they cannot change in "
        "the same instant. Bring a bundle with the old and the new CA first, and drop the old "
        "one when every peer has changed. trust.ca_rotation set to any lifts the rule."},
    Explained{
        Reason::ca_orphans_leaf,
        "Under the new CA bundle the certificate that would be in force no longer verifies (RFC "
        "5280 section 6). Peers that are given the same bundle would reject this host. Keep the "
        "CA of the present leaf in the bundle until the leaf has been replaced: trust goes "
        "before the leaf. trust.anchors may name other anchors for the leaf than those of "
        "source.ca."},
    Explained{
        Reason::key_access,
        "The permission bits of the key in the source let more users read or write it than "
        "trust.key_access grants. Whoever reads the key can pass for this host, and no peer "
        "would see the difference. Set the mode that the refusal names, or defaultMode of the "
        "Kubernetes volume. trust.key_access takes owner, group or any; with any, a key open to "
        "others is a warning."},
    Explained{
        Reason::max_lifetime,
        "The time from the leaf's notBefore to its notAfter is longer than trust.max_lifetime. "
        "The rule is the site's own: a stolen key of a long-lived certificate is of use for "
        "long, and browsers set such limits for public CAs, too (CA/Browser Forum Baseline "
        "Requirements, section 6.3.2). RFC 5280 section 4.1.2.5 counts the second of notAfter as "
        "well; that one second is not counted here. Have it issued for a shorter time, or raise "
        "trust.max_lifetime, of which 0s means any."},
    Explained{
        Reason::crl_not_yet_valid,
        "The thisUpdate of an issuer's CRL (RFC 5280 section 5.1.2.4) is in the future by this "
        "host's clock, and by more than trust.skew. Peers that check CRLs reject every "
        "certificate of that issuer until then, and so each CRL in source.crl, which is "
        "published, is judged whatever trust.revocation says; those of trust.crl_files where it "
        "is crl. Check the clock of this host and of the CA, wait, or fetch the CRL again."},
};

constexpr bool is_complete() {
  std::size_t number = 0;
  for (Explained const& one : explanations)
    if (one.reason != static_cast<Reason>(number++) || one.text.empty()) return false;
  return number == static_cast<std::size_t>(last_reason) + 1;
}
static_assert(is_complete());

}  // namespace

std::string_view explanation(Reason reason) {
  return explanations.at(static_cast<std::size_t>(reason)).text;
}

}  // namespace certpivot::trust
