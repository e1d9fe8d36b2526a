import { expect, test } from 'vitest';
import { suggest } from './suggest.js';

const branches = ['Muon_pt', 'Muon_eta', 'Muon_phi', 'Jet_phi', 'nMuon', 'run'];

test.each([
  ['muon_ph', 'Muon_phi'],
  ['Muon_phi ', 'Muon_phi'],
  ['Moun_phi', 'Muon_phi'],
  ['MUON_ETA', 'Muon_eta'],
  ['rnu', 'run'],
])('%s is taken for %s', (name, meant) => {
  expect(suggest(name, branches)).toBe(meant);
});

test('nothing is suggested where nothing is near', () => {
  expect(suggest('Electron_charge', branches)).toBeUndefined();
  expect(suggest('x', ['abc'])).toBeUndefined();
  expect(suggest('x', [])).toBeUndefined();
});
