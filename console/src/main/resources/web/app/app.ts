// SPDX-License-Identifier: Apache-2.0
import { html, LitElement } from 'lit';
class BelayConsole extends LitElement { render() { return html`<p>hello</p>`; } }
customElements.define('belay-console', BelayConsole);
