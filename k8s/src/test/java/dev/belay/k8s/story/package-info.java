// SPDX-License-Identifier: Apache-2.0
/** The story with the images, run as the manifests say. */
@NullMarked
package dev.belay.k8s.story;

import org.jspecify.annotations.NullMarked;
