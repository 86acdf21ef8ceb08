// SPDX-License-Identifier: Apache-2.0
/** What the manifests say, held against the schemas of Kubernetes, the services, and what we promise to whom installs them. */
@NullMarked
package dev.belay.k8s.manifests;

import org.jspecify.annotations.NullMarked;
