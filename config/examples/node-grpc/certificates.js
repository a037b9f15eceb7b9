'use strict';

const fs = require('node:fs');
const tls = require('node:tls');
const grpc = require('@grpc/grpc-js');

// Certificates of a gRPC server that can be replaced while it runs, for @grpc/grpc-js 1.14.
//
// ServerCredentials.createSsl() never changes. FileWatcherCertificateProvider does, but hands a pair that
// does not fit together to the server, which then drops every new connection until the files are mended.
// This provider tries a pair first, and keeps the one of before where it is no good.
class Certificates {
  // files: { certificate, key, ca }, PEM. With ca, clients must show a certificate that leads there.
  constructor(files) {
    this.files = files;
    this.identityListeners = new Set();
    this.caListeners = new Set();
    this.reload();
  }

  // Reads the files; new connections get what they hold. Throws where they cannot be used: then nothing
  // has changed.
  reload() {
    const read = (file) => (file ? fs.readFileSync(file) : undefined);
    const [cert, key, ca] = [this.files.certificate, this.files.key, this.files.ca].map(read);
    tls.createSecureContext({ cert, key, ca });
    this.identity = { certificate: cert, privateKey: key };
    this.ca = ca && { caCertificate: ca };
    for (const listener of this.caListeners) listener(this.ca);
    for (const listener of this.identityListeners) listener(this.identity);
  }

  // For server.bindAsync(). The types of grpc-js 1.14.7 name the provider of the CA first, but its code
  // takes the provider of the pair first; where both are the same, it does not matter.
  credentials() {
    return grpc.experimental.createCertificateProviderServerCredentials(
        this, this.files.ca ? this : null, Boolean(this.files.ca));
  }

  // What grpc-js asks of a provider.
  addIdentityCertificateListener(listener) {
    this.identityListeners.add(listener);
    process.nextTick(listener, this.identity);
  }
  removeIdentityCertificateListener(listener) {
    this.identityListeners.delete(listener);
  }
  addCaCertificateListener(listener) {
    this.caListeners.add(listener);
    process.nextTick(listener, this.ca);
  }
  removeCaCertificateListener(listener) {
    this.caListeners.delete(listener);
  }
}

module.exports = { Certificates };
